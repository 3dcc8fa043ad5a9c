"""Each framework at a glance: its indicators down, its areas across; and its domains counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dagster_project.release.words import words
from dagster_project.workbook.headline import marked
from dagster_project.workbook.levels import Room, listed, ranked, room, singular
from dagster_project.workbook.prepared import LARGEST, Rooms
from dagster_project.workbook.released import COUNTS, SERIES, Released
from dagster_project.workbook.sheets import (
    COUNT,
    DATE,
    FIGURE,
    PLAIN,
    WRAPPED,
    Column,
    Figure,
    TableSheet,
)

# What stands beside a figure: how it is judged, in one word.
BESIDE = ("better", "similar", "worse", "lower", "higher", "no_judgement")
NO_DATA = Figure(None, "No data", "absent")

FIRST_COLUMNS = (
    Column("Domain", 22, WRAPPED),
    Column("Code", 15),
    Column("Indicator", 42, WRAPPED),
    Column("Sex", 9),
    Column("Unit", 11, WRAPPED),
    Column("Period", 11),
)


def frameworks(release: Released, rooms: Rooms) -> Iterator[TableSheet]:
    """A sheet for each edition of a framework: national ones first, the newest edition first."""
    editions = release.rows(
        "select framework, edition, coalesce(any_value(framework_name), framework)"
        " from framework_indicators group by framework, edition"
        " order by coalesce(any_value(framework_kind), '') <> 'national', framework,"
        # An edition is named by its years: the newest first.
        " regexp_extract(edition, '[0-9]{4}') desc, edition desc"
    )
    for framework, edition, name in editions:
        found = rooms.of(str(framework), str(edition))
        yield _framework(release, str(framework), str(edition), str(name), found)


def _framework(
    release: Released, framework: str, edition: str, name: str, found: Room
) -> TableSheet:
    """One edition: a row an indicator, a column an area, in each cell the figure and its word."""
    areas = _areas(release, framework, edition, found)
    cells = _cells(release, framework, edition)
    rows = [
        [*first, *(cells.get((*series, code), NO_DATA) for code, _ in areas)]
        for series, first in _indicators(release, framework, edition)
    ]
    word = framework.replace("_", " ").title()
    shortened = word if word in name else word.upper()
    left_out = f" Left out for room: {found.said}, in csv/ and the sheet Latest." * bool(found.said)
    return TableSheet(
        name=f"{shortened} {edition}",
        title=f"{name}, {edition}: at a glance",
        says="Each cell has the headline value of the latest period in the edition's time, with a"
        " colour and a word for how it stands to England; without a word it is not compared."
        f"{left_out}",
        columns=(*FIRST_COLUMNS, *_headers(areas)),
        rows=rows,
        frozen=3,
    )


def _headers(areas: Sequence[tuple[str, str]]) -> Iterator[Column]:
    """A column an area: its name, and its code too where two areas have one name."""
    names = [name.casefold() for _, name in areas]
    taken = {column.header.casefold() for column in FIRST_COLUMNS}
    for code, name in areas:
        is_shared = names.count(name.casefold()) > 1 or name.casefold() in taken
        yield Column(f"{name} ({code})" if is_shared else name, 15, FIGURE)


def _areas(release: Released, framework: str, edition: str, found: Room) -> list[tuple[str, str]]:
    """The areas across, by code and name, from England down."""
    # Those that it is about have a column also where nothing has a value: that is to be seen.
    return release.con.execute(
        "select area_code, coalesce(any_value(areas.area_name), area_code) from ("
        " select area_type, area_code from spoken"
        "  where framework = $framework and edition = $edition"
        " union select area_type, area_code from domain_summary"
        "  where framework = $framework and edition = $edition"
        f"  and area_type in ({listed(found.shown)})"
        ") as found left join areas using (area_code)"
        " group by area_code, found.area_type"
        f" order by {ranked('found.area_type')}, 2, 1",
        {"framework": framework, "edition": edition},
    ).fetchall()


def _cells(release: Released, framework: str, edition: str) -> dict[tuple[str | None, ...], Figure]:
    """The figure of each indicator, sex, segment and area, with its word."""
    rows = release.con.execute(
        "select found.indicator_id, found.sex, found.segment, found.area_code, found.value,"
        " found.status, found.flags, found.judgement, coalesce(indicators.decimals, 1)"
        f" from spoken inner join figures as found using ({', '.join(SERIES)})"
        " left join indicators on found.indicator_id = indicators.indicator_id"
        " where spoken.framework = $framework and spoken.edition = $edition",
        {"framework": framework, "edition": edition},
    ).fetchall()
    return {row[:4]: _cell(*row[4:]) for row in rows}


def _cell(
    value: float | None,
    status: str,
    flags: Sequence[str] | None,
    judgement: str | None,
    decimals: int,
) -> Figure:
    plain = marked(value, status, flags, decimals)
    if value is None or status == "held" or judgement is None:
        return plain
    word = words("comparisons", "judgement").get(judgement, "").lower()
    beside = [part for part in (word if judgement in BESIDE else "", plain.words) if part]
    return Figure(value, ", ".join(beside), judgement, decimals)


def _indicators(
    release: Released, framework: str, edition: str
) -> list[tuple[tuple[str | None, ...], tuple[Any, ...]]]:
    """The rows of an edition: each indicator, twice where two sexes speak; in its own order.

    In a domain that is a segment, the segment's own series stands before everybody's.
    """
    rows = release.con.execute(
        "select members.indicator_id, series.sex, series.segment, members.domain_name,"
        " members.code, members.title || case when series.segment = members.domain_code"
        "  then ': only ' || members.domain_name else '' end,"
        " series.sex, indicators.unit, series.periods"
        " from framework_indicators as members"
        " left join series on series.framework = members.framework"
        "  and series.edition = members.edition"
        "  and members.indicator_id = series.indicator_id"
        "  and series.segment in ('all', members.domain_code)"
        " left join indicators on members.indicator_id = indicators.indicator_id"
        " where members.framework = $framework and members.edition = $edition"
        " and coalesce(members.life_cycle, '') <> 'retired'"
        " order by members.sort_order, members.code, members.indicator_id,"
        " series.segment = 'all', series.sex",
        {"framework": framework, "edition": edition},
    ).fetchall()
    return [(row[:3], row[3:]) for row in rows]


def domains(release: Released) -> TableSheet:
    """How many indicators of each domain stand how, for each area."""
    sizes = release.rows("select area_type, count(*) from domain_summary group by area_type")
    found = room({str(level): int(size) for level, size in sizes}, LARGEST)
    levels = listed(found.shown)
    counts = ", ".join(f'summary."{name}"' for name in ("indicators", *COUNTS))
    rows = release.rows(
        "with named as (select framework, edition, domain_code, any_value(domain_name) as domain,"
        "  any_value(framework_name) as name, any_value(framework_kind) as kind,"
        "  min(sort_order) as place from framework_indicators group by all)"
        " select coalesce(areas.area_name, area_code), coalesce(named.name, framework), edition,"
        f" coalesce(named.domain, domain_code), {counts}, summary.expected_worse_by_chance,"
        " earliest_period_start, latest_period_end, summary.area_type, area_code, domain_code"
        " from domain_summary as summary left join areas using (area_code)"
        " left join named using (framework, edition, domain_code)"
        f" where summary.area_type in ({levels})"
        f" order by {ranked('summary.area_type')}, areas.area_name, area_code,"
        " coalesce(named.kind, '') <> 'national', framework,"
        " regexp_extract(edition, '[0-9]{4}') desc, edition desc, named.place, domain_code"
    )
    return TableSheet(
        name="Domains",
        title="Domains of each framework, counted",
        says="How many indicators of a domain are better, similar or worse than England, in the"
        " latest period of the edition's time."
        + (f" Left out for room: {found.said}." if found.said else ""),
        columns=DOMAIN_COLUMNS,
        rows=[
            [*row[:5], *_coloured(row[5:12]), *row[12:15], singular(row[15]), *row[16:]]
            for row in rows
        ],
        frozen=4,
    )


def _coloured(counts: Sequence[int]) -> Iterator[Figure]:
    """How many stand how: where any do, in the colour of the word in the header."""
    for name, count in zip(COUNTS, counts, strict=True):
        yield Figure(count, look=name if count and name != "no_data" else "")


DOMAIN_COLUMNS = (
    Column("Area", 28),
    Column("Framework", 38),
    Column("Edition", 14),
    Column("Domain", 40),
    Column("Indicators", 11, COUNT),
    *(Column(header, 10, FIGURE) for header in ("Better", "Similar", "Worse", "Mixed")),
    *(Column(header, 10, FIGURE) for header in ("Not judged", "Not compared", "No data")),
    Column("Worse by chance, expected", 17, PLAIN),
    Column("First day", 11, DATE),
    Column("Last day", 11, DATE),
    Column("Level of area", 22),
    Column("Area code", 11),
    Column("Domain code", 14),
)

"""The page of an indicator: what it is, how areas stand, where it comes from, what judged it."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from markupsafe import Markup

from dagster_project.site import cells, drawing, figures, wording
from dagster_project.site.headlines import headline
from dagster_project.site.levels import LEVELS, MANY
from dagster_project.site.model import Site
from dagster_project.site.reading import Row, Tables
from dagster_project.site.rendering import Page, page
from dagster_project.site.reuse import Reuse
from dagster_project.site.rows import check_titles, prepare
from dagster_project.site.sureness import sure_of

# The level whose areas are drawn as bars is the first of these that has values.
DRAWN = ("utla", "icb", "region", "nhs_region")
# As in the release's CSV files.
FORMULA_STARTS = tuple("=+-@\t\r'")
OF_INDICATORS = (
    "select {shown} from glance as g inner join digests using (row_id) inner join headlines as h"
    " using (indicator_id, area_code, period_type, period_start, period_end, sex, age, segment,"
    " breakdown_type, breakdown, origin) where h.framework = 'none' {which}"
    " order by g.indicator_id, g.sex desc, g.value desc nulls last, g.area_code"
)
TOLD = OF_INDICATORS.format(shown="g.indicator_id, g.area_type, said", which="")
SHOWN = OF_INDICATORS.format(
    shown="g.* exclude (points, gaps)", which="and g.indicator_id in (select unnest(?))"
)


@dataclass(frozen=True)
class About:
    """What is known of every indicator beside its newest values, by indicator."""

    checks: Mapping[str, list[Row]]
    unequal: Mapping[str, list[Row]]
    series: Mapping[str, list[Row]]
    beside: Mapping[str, list[Row]]
    sources: Mapping[str, list[str]]


def read_about(tables: Tables) -> About:
    """Read once for all pages of indicators."""
    beside: dict[str, list[Row]] = defaultdict(list)
    for row in tables.rows("from comparability order by theme, relation, left_name, right_name"):
        for this, other in (("left", "right"), ("right", "left")):
            if row[f"{this}_kind"] == "indicator":
                beside[row[this]].append(
                    row | {"other": row[other], "other_name": row[f"{other}_name"]}
                )
    sources: dict[str, list[str]] = defaultdict(list)
    for row in tables.rows(
        "select distinct indicator_id, source_id from indicator_values order by all"
    ):
        sources[row["indicator_id"]].append(row["source_id"])
    return About(
        checks=dict(tables.by("indicator_id", "checks_of")),
        unequal=dict(tables.by("indicator_id", "unequal")),
        series=dict(tables.by("indicator_id", "england_series")),
        beside=beside,
        sources=sources,
    )


def indicator_pages(site: Site, tables: Tables, reuse: Reuse) -> Iterator[Page]:
    """The pages of every indicator that aren't taken over, and the list of all indicators.

    Those that have no value yet have a page too.
    """
    about, titles = read_about(tables), check_titles(tables)
    told = dict(tables.by("indicator_id", TOLD))
    keys = {each: _key(site, each, told.get(each, []), about, reuse) for each in site.indicators}
    wanted = [each for each, key in keys.items() if not reuse.takes(f"indicators/{each}", key)]
    rows_of = tables.by("indicator_id", SHOWN, [wanted])
    without = ((identifier, list[Row]()) for identifier in wanted if identifier not in told)
    for identifier, rows in chain(rows_of, without):
        prepare(site, rows, titles)
        made = list(_pages_of(site, identifier, rows, about))
        reuse.made(f"indicators/{identifier}", keys[identifier], [each.path for each in made])
        yield from made
    yield page(
        "indicators/index.html",
        "indicators.html",
        **site.common(),
        letters=_letters(site),
        with_values=told.keys(),
    )


def _key(site: Site, identifier: str, told: Sequence[Row], about: About, reuse: Reuse) -> str:
    """Of what the indicator's pages are made."""
    sources = sources_of(site, identifier, about)
    return reuse.key(
        reuse.shared,
        identifier,
        [row["said"] for row in told],
        *(about.checks.get(identifier), about.unequal.get(identifier)),
        *(about.series.get(identifier), about.beside.get(identifier)),
        *(sources, _landed(site, sources), site.manifest.commit),
    )


def _landed(site: Site, sources: Sequence[str]) -> list[str]:
    """Those of some sources of which files landed: the downloads list them."""
    landed = {each.source_id for each in site.manifest.inputs}
    return [source for source in sources if source in landed]


def sources_of(site: Site, identifier: str, about: About) -> list[str]:
    """Those that the indicator's values name, then the others that its definition rests on."""
    defined = (site.indicators[identifier]["sources"] or "").split("|")
    return list(dict.fromkeys(filter(None, [*about.sources.get(identifier, []), *defined])))


def _pages_of(site: Site, identifier: str, rows: list[Row], about: About) -> Iterator[Page]:
    indicator = site.indicators[identifier]
    many = [row for row in rows if row["area_type"] in MANY]
    england = [row for row in rows if row["area_type"] == "england"]
    beside = {
        row["other"]: row for row in about.beside.get(identifier, ()) if row["other"] != identifier
    }
    sources = sources_of(site, identifier, about)
    yield page(
        f"indicators/{identifier}.html",
        "indicator.html",
        **site.common(),
        indicator=indicator,
        headline=headline(indicator, rows),
        sure_of=sure_of,
        england=england,
        trends=[_trend(indicator, found) for found in _by_sex(about.series.get(identifier, ()))],
        bars=_bars(site, indicator, rows),
        marks=drawing.marks("bars"),
        tables=list(_tables(site, [row for row in rows if row["area_type"] not in MANY])),
        more=f"{identifier}{cells.MORE}.html" if many else "",
        unequal=about.unequal.get(identifier, ()),
        places=site.memberships.get(identifier, ()),
        beside=sorted(beside.values(), key=lambda row: str(row["theme"])),
        checks=about.checks.get(identifier, ()),
        check_lines=cells.markup(map(cells.check, about.checks.get(identifier, ()))),
        sources=sources,
        landed=_landed(site, sources),
        has_csv=bool(rows),
        opens_at=(england or rows)[0]["area_code"] if rows else "",
    )
    if many:
        yield page(
            f"indicators/{identifier}{cells.MORE}.html",
            "more_areas.html",
            **site.common(),
            indicator=indicator,
            tables=list(_tables(site, many)),
        )
    if rows:
        yield Page(f"indicators/{identifier}.csv", _csv(site, indicator, rows))


def _by_sex(series: Sequence[Row]) -> list[list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in series:
        found.setdefault(row["sex"], []).append(row)
    return list(found.values())


def _trend(indicator: Row, series: Sequence[Row]) -> Markup:
    """England over time, with breaks as breaks and what is held marked."""
    sex = series[0]["sex"]
    name = "England" + (f", {wording.word('sexes', sex).lower()}" if sex != "Persons" else "")
    points = [
        {
            "p": row["period_label"],
            "v": row["value"],
            "l": row["lower_95"],
            "u": row["upper_95"],
            "t": figures.figure(row["value"], indicator["decimals"], indicator["unit"]),
            "j": "not_compared",
            "b": "break_in_series" in (row["flags"] or ()),
            "s": row["status"],
            "w": "provisional" if "provisional" in (row["flags"] or ()) else "",
        }
        for row in series
    ]
    spec = {"label": f"{indicator['title']}: {name} over time", "name": name, "points": points}
    return drawing.chart("trend", spec | {"unit": indicator["unit"] or ""})


def _bars(site: Site, indicator: Row, rows: Sequence[Row]) -> list[tuple[str, Markup]]:
    """The areas of one level as ranked bars, a chart for each sex that speaks."""
    level = next((name for name in DRAWN if any(r["area_type"] == name for r in rows)), None)
    found = _by_sex([row for row in rows if row["area_type"] == level])
    return [(_bars_title(each), _bars_of(site, indicator, each)) for each in found]


def _bars_title(rows: Sequence[Row]) -> str:
    level = next(level for level in LEVELS if level.area_type == rows[0]["area_type"])
    sex = wording.word("sexes", rows[0]["sex"]) if rows[0]["sex"] != "Persons" else ""
    return ", ".join(part for part in (level.name, sex, rows[0]["period_label"]) if part)


def _bars_of(site: Site, indicator: Row, rows: Sequence[Row]) -> Markup:
    decimals, unit = indicator["decimals"], indicator["unit"]
    england = next((row["england"] for row in rows if row["england"] is not None), None)
    spec = {
        "label": f"{indicator['title']}: {_bars_title(rows)}. The table below says the same.",
        "unit": unit or "",
        "rows": [
            {
                "n": site.told_apart(row["area_code"]),
                "v": row["value"],
                "l": row["lower_95"],
                "u": row["upper_95"],
                "t": figures.figure(row["value"], decimals, unit),
                "j": row["judgement"] or "not_compared",
                "note": wording.word("statuses", row["status"]).lower(),
            }
            for row in rows
        ],
        # No line where the release sets England's value beside none of them.
        "ref": {"n": "England", "v": england, "t": figures.figure(england, decimals, unit)},
    }
    return drawing.chart("bars", spec | {"shared": True})


def _tables(site: Site, rows: Sequence[Row]) -> Iterator[tuple[Any, str, Markup]]:
    """One table a level and sex, the level's rows from the highest value to the lowest."""
    seen: set[str] = set()
    for level in LEVELS:
        for found in _by_sex([row for row in rows if row["area_type"] == level.area_type]):
            sex = wording.word("sexes", found[0]["sex"]) if found[0]["sex"] != "Persons" else ""
            yield level, sex, cells.markup(_line(site, row, seen) for row in found)


def _line(site: Site, row: Row, seen: set[str]) -> str:
    code = row["area_code"]
    # Where two sexes speak, the address leads to the first.
    anchor = code if code not in seen else f"{code}-{row['sex'].lower()}"
    seen.add(code)
    name = site.told_apart(code)
    title = cells.link(f"../areas/{code}.html", name) if code in site.shown else cells.text(name)
    return cells.line(anchor, title, "", (row["standing"], row["dated"]))


def _csv(site: Site, indicator: Row, rows: Sequence[Row]) -> str:
    """The page's table for a spreadsheet: it says what it is, and nothing in it is run."""
    columns = (
        *("indicator_id", "area_type", "area_code", "period_label", "sex", "age", "value"),
        *("lower_95", "upper_95", "numerator", "denominator", "status", "status_reason"),
        *("england", "judgement", "judgement_reason", "origin", "source_id"),
    )
    heads = ["title", "unit", "area_name", *columns, "release"]
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(heads)
    about = [indicator["title"], indicator["unit"]]
    for row in rows:
        given = [*about, site.area_name(row["area_code"]), *map(row.get, columns)]
        writer.writerow(map(_cell, (*given, site.manifest.id)))
    return "\ufeff" + stream.getvalue()


def _cell(each: Any) -> Any:
    """Text that a spreadsheet would run begins with an apostrophe; a whole number has no point."""
    if type(each) is str and each[:1] in FORMULA_STARTS:
        return f"'{each}"
    return int(each) if type(each) is float and each.is_integer() else each


def _letters(site: Site) -> list[tuple[str, list[Row]]]:
    """The indicators by the first letter of their titles; what begins otherwise comes first."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(site.indicators.values(), key=lambda row: str(row["title"]).casefold()):
        first = str(row["title"])[:1].upper()
        found[first if first.isascii() and first.isalpha() else "0–9, %"].append(row)
    return sorted(found.items())

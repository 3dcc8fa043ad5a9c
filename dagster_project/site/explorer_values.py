"""One indicator's values as data files: a dense grid a series and level, in parts of bounded size.

`data/i/<indicator>.js` holds what the grid means and the series that speaks first; further series
stand in `data/i/<indicator>.<n>.js`, loaded when they are chosen. A number is a whole one of the
last decimal shown, so the browser puts a point into it and rounds nothing. A text of one letter
stands for a grid that is that letter all over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster_project.errors import OutcomesError
from dagster_project.site.explorer_cells import (
    JUDGEMENT_LETTERS,
    LEVELS,
    SERIES,
    STATUS_LETTERS,
)
from dagster_project.site.reading import Row, Tables
from dagster_project.site.scripts import LETTERS, literal, write_script
from dagster_project.site.wording import reason, source_title

# What fits into one file beside its description, so that the file stays below 150 kB.
PART_BYTES = 110_000
GRIDS = ("v", "l", "u", "n", "d", "j", "g", "t", "w", "f", "o")


@dataclass(frozen=True)
class Block:
    """One series at one level: its areas, its periods and its grids, area by area in each period."""

    series: int
    level: str
    areas: str
    periods: str
    grids: dict[str, str]

    def as_data(self, area_lists: list[str]) -> dict[str, Any]:
        place = {
            "s": self.series,
            "k": LEVELS.index(self.level),
            "a": area_lists.index(self.areas),
            "p": self.periods,
        }
        return place | {name: grid for name, grid in self.grids.items() if grid.strip(",.")}


def write_indicators(tables: Tables, out: Path) -> list[Path]:
    """A data file, or several, for each of the explorer's indicators."""
    _mark_letters(tables)
    about = _about(tables)
    tables.con.execute(_GRIDS)
    written: list[Path] = []
    # The view of one indicator at a time: all texts together would be held twice.
    for kind, rows in tables.by("kind", "select * from grids order by kind, series, level"):
        written += _write(out, tables.manifest.id, about[int(kind)], [_block(row) for row in rows])
    return written


def _block(row: Row) -> Block:
    grids = {name: row[name] or "" for name in GRIDS}
    for name in ("j", "g", "t", "w", "f", "o"):
        letters = set(grids[name])
        if len(letters) == 1:
            grids[name] = letters.pop()
    return Block(row["series"], LEVELS[row["level"]], row["areas"], row["periods"], grids)


def _write(out: Path, release: str, about: dict[str, Any], blocks: list[Block]) -> list[Path]:
    area_lists = sorted({block.areas for block in blocks})
    parts = list(_parts(blocks, area_lists))
    data = about | {
        "areas": area_lists,
        # Which part each block is in: the first is in this file.
        "where": [
            [b.series, LEVELS.index(b.level), n] for n, part in enumerate(parts) for b in part
        ],
        "blocks": [block.as_data(area_lists) for block in parts[0]],
    }
    name = about["id"]
    files = {f"i/{name}": data}
    for number, part in enumerate(parts[1:], start=1):
        held = {"blocks": [block.as_data(area_lists) for block in part]}
        files[f"i/{name}.{number}"] = held
    return [
        write_script(out / "data" / f"{key}.js", release, key, held) for key, held in files.items()
    ]


def _parts(blocks: list[Block], area_lists: list[str]) -> Iterator[list[Block]]:
    """Blocks by file, in their order; one that is larger than a file's bound has one of its own."""
    part: list[Block] = []
    size = 0
    for block in blocks:
        length = len(literal(block.as_data(area_lists)))
        if part and size + length > PART_BYTES:
            yield part
            part, size = [], 0
        part.append(block)
        size += length
    yield part


def _about(tables: Tables) -> dict[int, dict[str, Any]]:
    """What the grids of each indicator mean: its series, periods, reasons and flags."""
    listed = {
        name: dict(tables.by("kind", f"select * from {query} order by kind, number"))
        for name, query in LISTS.items()
    }
    return {
        row["kind"]: {
            "id": row["indicator_id"],
            "dec": row["decimals"],
            "whole": row["counts_are_whole"],
            "series": [_series(each) for each in listed["series"][str(row["kind"])]],
            "periods": [_period(each) for each in listed["periods"][str(row["kind"])]],
            "reasons": [
                each["words"] or reason(each["code"])
                for each in listed["reasons"].get(str(row["kind"]), [])
            ],
            "origins": [
                [each["origin"], source_title(each["source_id"])]
                for each in listed["origins"][str(row["kind"])]
            ],
            "flags": [each["flags"] for each in listed["flags"].get(str(row["kind"]), [])],
        }
        for row in tables.rows("select * from kinds order by kind")
    }


# What is listed for each indicator: rows with `kind` and `number`.
LISTS = {
    "series": "(select kinds.kind, cuts.*, cuts.series as number from cuts join kinds using (indicator_id))",
    "periods": (
        "(select distinct kind, period as number, period_label, period_type, period_start,"
        " period_end from cells)"
    ),
    "reasons": "cell_reasons",
    "flags": "cell_flags",
    "origins": "cell_origins",
}


def _series(row: Row) -> list[Any]:
    return [*(row[name] for name in SERIES), int(row["speaks"])]


def _period(row: Row) -> list[str]:
    days = (row["period_start"].isoformat(), row["period_end"].isoformat())
    return [row["period_label"], row["period_type"], *days]


def _mark_letters(tables: Tables) -> None:
    """`cell_reasons`, `cell_flags` and `cell_origins` number what an indicator's cells say."""
    for statement in (_REASONS, _FLAGS, _ORIGINS):
        tables.con.execute(statement)
    for table in ("cell_reasons", "cell_flags", "cell_origins"):
        most = tables.rows(f"select coalesce(max(number), 0) as most from {table}")[0]["most"]
        if most >= len(LETTERS):
            raise OutcomesError(
                f"an indicator has more {table} than there are letters for them",
                got=str(most + 1),
                expected=f"at most {len(LETTERS)}",
                fix="add letters to LETTERS in dagster_project/site/scripts.py",
            )


# Why a cell has no value, or why its value isn't compared with England. England itself needs none.
_CODE = """
case
    when status <> 'published' then coalesce(status_reason, status)
    when england_reason <> 'is_comparator' then england_reason
end
"""

_REASONS = f"""
create table cell_reasons as
select kind, code, words, row_number() over (partition by kind order by code, words) - 1 as number
from (
    select distinct
        kind, {_CODE} as code,
        case when status = 'held' then concat_ws('. ', 'Held since ' || held_since, held_because) end as words
    from cells
)
where code is not null
"""

_ORIGINS = """
create table cell_origins as
select
    kind, origin, source_id,
    row_number() over (partition by kind order by origin desc, source_id) - 1 as number
from (select distinct kind, origin, coalesce(source_id, '') as source_id from cells)
"""

_FLAGS = """
create table cell_flags as
select kind, flags, row_number() over (partition by kind order by flags) - 1 as number
from (select distinct kind, array_to_string(list_filter(flags, lambda flag: flag <> 'synthetic'), ';') as flags
    from (select kind, flags from cells union all select kind, [] from kinds))
where flags <> ''
"""


def _letter(column: str, letters: dict[str, str]) -> str:
    cases = " ".join(f"when '{word}' then '{letter}'" for word, letter in letters.items())
    return f"case {column} {cases} end"


def _whole(column: str, decimals: str = "decimals") -> str:
    """A figure as a whole number of its last decimal: as it is printed, without the point."""
    # Each number of decimals by itself, since a fixed pattern is formatted much faster.
    cases = " ".join(
        f"when {places} then cast(replace(printf('%.{places}f', {column}), '.', '') as bigint)"
        for places in range(7)
    )
    return f"case {decimals} {cases} end"


def _index(table: str) -> str:
    return f"substr('{LETTERS}', cast({table}.number as bigint) + 1, 1)"


_GRID_ORDER = "order by wanted.period, wanted.area"

_GRIDS = f"""
create table grids as
with lettered as (
    select
        cells.kind, cells.series, cells.period, cells.area,
        list_position([{", ".join(f"'{level}'" for level in LEVELS)}], cells.area_type) - 1 as level,
        case when is_shown then {_whole("value")} end as v,
        case when is_shown then {_whole("lower_95")} end as low,
        case when is_shown then {_whole("upper_95")} end as high,
        case when is_shown then {_whole("numerator", "case when counts_are_whole then 0 else 1 end")} end as n,
        case when is_shown then {_whole("denominator", "case when counts_are_whole then 0 else 1 end")} end as d,
        {_letter("against_england", JUDGEMENT_LETTERS)} as j,
        case when region_reason is null or against_region <> 'not_compared'
            then {_letter("against_region", JUDGEMENT_LETTERS)} end as g,
        {_letter("status", STATUS_LETTERS)} as t,
        {_index("cell_reasons")} as w,
        {_index("cell_flags")} as f,
        {_index("cell_origins")} as o
    from cells
    inner join cell_origins
        on cells.kind = cell_origins.kind
        and cells.origin = cell_origins.origin
        and coalesce(cells.source_id, '') = cell_origins.source_id
    left join cell_reasons
        on cells.kind = cell_reasons.kind
        and cell_reasons.code = {_CODE}
        and cell_reasons.words is not distinct from
            case when status = 'held' then concat_ws('. ', 'Held since ' || held_since, held_because) end
    left join cell_flags
        on cells.kind = cell_flags.kind
        and cell_flags.flags
            = array_to_string(list_filter(cells.flags, lambda flag: flag <> 'synthetic'), ';')
),

rows_wanted as (select distinct kind, series, level, period from lettered),

columns_wanted as (select distinct kind, series, level, area from lettered),

wanted as (select * from rows_wanted inner join columns_wanted using (kind, series, level)),

filled as (
    select
        wanted.kind, wanted.series, wanted.level,
        string_agg(coalesce(cast(v as varchar), ''), ',' {_GRID_ORDER}) as v,
        string_agg(coalesce(cast(v - low as varchar), ''), ',' {_GRID_ORDER}) as l,
        string_agg(coalesce(cast(high - v as varchar), ''), ',' {_GRID_ORDER}) as u,
        string_agg(coalesce(cast(n as varchar), ''), ',' {_GRID_ORDER}) as n,
        string_agg(coalesce(cast(d as varchar), ''), ',' {_GRID_ORDER}) as d,
        string_agg(coalesce(j, '.'), '' {_GRID_ORDER}) as j,
        string_agg(coalesce(g, '.'), '' {_GRID_ORDER}) as g,
        string_agg(coalesce(t, '.'), '' {_GRID_ORDER}) as t,
        string_agg(coalesce(w, '.'), '' {_GRID_ORDER}) as w,
        string_agg(coalesce(f, '.'), '' {_GRID_ORDER}) as f,
        string_agg(coalesce(o, '.'), '' {_GRID_ORDER}) as o
    from wanted
    left join lettered
        on wanted.kind = lettered.kind and wanted.series = lettered.series and wanted.level = lettered.level
        and wanted.period = lettered.period and wanted.area = lettered.area
    group by wanted.kind, wanted.series, wanted.level
)

select
    filled.*,
    (
        select string_agg(cast(area as varchar), ',' order by area) from columns_wanted as these
        where these.kind = filled.kind and these.series = filled.series and these.level = filled.level
    ) as areas,
    (
        select string_agg(cast(period as varchar), ',' order by period) from rows_wanted as these
        where these.kind = filled.kind and these.series = filled.series and these.level = filled.level
    ) as periods
from filled
"""

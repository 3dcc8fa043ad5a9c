"""Cells laid out as grids in DuckDB: a text a series, level and figure, ready for a data file.

Figures, and indexes into what an indicator's cells say, are numbers with commas between them: none
where a cell is as the one before it, and `-` where it has none. Judgements and statuses are a
letter each, a point where there is none.
"""

from __future__ import annotations

from dagster_project.site.explorer_cells import (
    BESIDE_LETTER,
    JUDGEMENT_LETTERS,
    LEVELS,
    STATUS_LETTERS,
)
from dagster_project.site.reading import Tables

# The grids of a data file, by what its cells are.
NUMBERS = ("v", "l", "u", "n", "d")
INDEXES = ("w", "f", "o")
LETTERED = ("j", "g", "t")


def lay_out(tables: Tables) -> None:
    """`cell_reasons`, `cell_flags` and `cell_origins` number what cells say; `grids` holds all."""
    for statement in (_REASONS, _FLAGS, _ORIGINS, _GRIDS):
        tables.con.execute(statement)


def whole(column: str, decimals: str = "decimals") -> str:
    """A figure as a whole number of its last decimal: as it is printed, without the point.

    Printing is slow and multiplying isn't exact: only what may lie on the edge between two numbers
    is printed.
    """
    scaled = f"({column} * pow(10, {decimals}))"
    # Each number of decimals by itself: a pattern has to be fixed.
    printed = " ".join(
        f"when {places} then cast(replace(printf('%.{places}f', {column}), '.', '') as bigint)"
        for places in range(7)
    )
    return (
        f"case when abs(abs({scaled} - trunc({scaled})) - 0.5) > 1e-4"
        f" then cast(round({scaled}) as bigint) else case {decimals} {printed} end end"
    )


def _letter(column: str, letters: dict[str, str]) -> str:
    cases = " ".join(f"when '{word}' then '{letter}'" for word, letter in letters.items())
    return f"case {column} {cases} end"


_LEVELS = ", ".join(f"'{level}'" for level in LEVELS)

_REASONS = """
create table cell_reasons as
select kind, code, words, row_number() over (partition by kind order by code, words) - 1 as number
from (select distinct kind, code, words from cells where code is not null)
"""

_FLAGS = """
create table cell_flags as
select kind, flags, row_number() over (partition by kind order by flags) - 1 as number
from (select distinct kind, flags from cells where flags <> '')
"""

_ORIGINS = """
create table cell_origins as
select
    kind, origin, source_id,
    row_number() over (partition by kind order by origin desc, source_id) - 1 as number
from (select distinct kind, origin, source_id from cells)
"""


def _joined(name: str) -> str:
    """A number a wanted cell, by period and area, with commas between; a run is told once."""
    told = f"coalesce(cast(x.{name} as varchar), '-')"
    same = f"n > 1 and x.{name} is not distinct from found[n - 1].{name}"
    each = f"list_transform(found, lambda x, n: if({same}, '', {told}))"
    return f"rtrim(array_to_string({each}, ','), ',') as {name}"


def _spelled(name: str) -> str:
    """A letter a wanted cell, by period and area."""
    return (
        f"array_to_string(list_transform(found, lambda x: coalesce(x.{name}, '.')), '') as {name}"
    )


_GRIDS = f"""
create table grids as
with figured as (
    select
        cells.kind,
        cells.series,
        cells.period,
        cells.area,
        list_position([{_LEVELS}], cells.area_type) - 1 as level,
        case when is_shown then {whole("value")} end as v,
        case when is_shown then {whole("lower_95")} end as low,
        case when is_shown then {whole("upper_95")} end as high,
        case when is_shown then {whole("numerator", "numerator_decimals")} end as n,
        case when is_shown then {whole("denominator", "denominator_decimals")} end as d,
        case
            when is_beside_england then '{BESIDE_LETTER}'
            else {_letter("against_england", JUDGEMENT_LETTERS)}
        end as j,
        case
            when region_reason is null or against_region <> 'not_compared'
                then {_letter("against_region", JUDGEMENT_LETTERS)}
        end as g,
        {_letter("status", STATUS_LETTERS)} as t,
        cell_reasons.number as w,
        cell_flags.number as f,
        cell_origins.number as o
    from cells
    left join cell_reasons
        on
            cells.kind = cell_reasons.kind
            and cells.code = cell_reasons.code
            and cells.words is not distinct from cell_reasons.words
    left join cell_flags on cells.kind = cell_flags.kind and cells.flags = cell_flags.flags
    left join cell_origins
        on
            cells.kind = cell_origins.kind
            and cells.origin = cell_origins.origin
            and cells.source_id is not distinct from cell_origins.source_id
),

measured as (select *, v - low as l, high - v as u from figured),

rows_wanted as (select distinct kind, series, level, period from figured),

columns_wanted as (select distinct kind, series, level, area from figured),

wanted as (select * from rows_wanted inner join columns_wanted using (kind, series, level)),

-- Put in order once, not once a grid.
ordered as (
    select
        kind,
        series,
        level,
        list({{{", ".join(f"'{name}': {name}" for name in (*NUMBERS, *INDEXES, *LETTERED))}}}
            order by wanted.period, wanted.area
        ) as found
    from wanted
    left join measured using (kind, series, level, period, area)
    group by kind, series, level
),

filled as (
    select
        kind,
        series,
        level,
        {", ".join(_joined(name) for name in (*NUMBERS, *INDEXES))},
        {", ".join(_spelled(name) for name in LETTERED)}
    from ordered
),

listed_areas as (
    select kind, series, level, string_agg(cast(area as varchar), ',' order by area) as areas
    from columns_wanted
    group by kind, series, level
),

listed_periods as (
    select kind, series, level, string_agg(cast(period as varchar), ',' order by period) as periods
    from rows_wanted
    group by kind, series, level
)

select filled.*, areas, periods
from filled
inner join listed_areas using (kind, series, level)
inner join listed_periods using (kind, series, level)
"""

"""How unequal groups are, as data files: one an indicator; a grid a cut, measure and level."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dagster_project.site.explorer_cells import LEVELS
from dagster_project.site.explorer_grids import whole
from dagster_project.site.reading import Row, Tables
from dagster_project.site.reuse import Reuse
from dagster_project.site.scripts import write_script
from dagster_project.site.wording import reason

CUT = ("dimension", "breakdown_type", "measure", "sex", "age", "segment", "period_type")
# Ratios have two decimals; differences those of the indicator.
RATIOS = ("rii", "relative_gap")


def write_gaps(tables: Tables, out: Path, made_of: Mapping[str, str], reuse: Reuse) -> list[Path]:
    """`data/q/<indicator>.js` for each indicator with a row in `inequalities`; those made."""
    release = tables.manifest.id
    keys = {
        row["indicator_id"]: reuse.key(made_of[row["indicator_id"]], row["number"], row["said"])
        for row in tables.rows(_SAID)
        if row["indicator_id"] in made_of
    }
    wanted = [each for each, key in keys.items() if not reuse.takes(f"data/q/{each}", key)]
    tables.con.execute("create table unequal as select unnest(?) as indicator_id", [wanted])
    tables.con.execute(_GAPS)
    written = []
    for indicator, rows in tables.by("indicator_id", f"from gaps order by {_ORDER}"):
        value = {"cuts": [_cut(row) for row in rows]}
        name = f"q/{indicator}"
        written.append(write_script(out / "data" / f"{name}.js", release, name, value))
        reuse.made(f"data/{name}", keys[indicator], [f"data/{name}.js"])
    return written


def _cut(row: Row) -> dict[str, Any]:
    words = [reason(code) for code in row["reasons"] or ()]
    groups = [list(pair.values()) for pair in row["groups"] or ()]
    return {
        "cut": [row[name] for name in CUT],
        "dec": row["places"],
        "l": LEVELS.index(row["area_type"]),
        "a": row["areas"],
        "p": row["periods"],
        "v": row["v"],
        "lo": row["low"],
        "up": row["high"],
        # Who is compared with whom, and why not: an index into each list a cell, empty for none.
        "groups": groups,
        "g": row["g"],
        "reasons": words,
        "w": row["w"],
    }


_CUT = ", ".join(CUT)
_ORDER = f"indicator_id, area_type, {_CUT}"
_IN_ORDER = "order by wanted.period, wanted.area"


_KEY = f"indicator_id, area_type, {_CUT}"


def _grid(cell: str, status: str) -> str:
    """A text of one cell a wanted period and area; empty where there is none of that status."""
    cell = f"case when {status} then cast({cell} as varchar) end"
    return f"string_agg(coalesce({cell}, ''), ',' {_IN_ORDER})"


_PUBLISHED = "status = 'published'"

_SAID = """
select indicator_id, count(*) as number, sum(hash(inequalities)) as said
from inequalities
where area_type in (select area_type from levels)
group by indicator_id
order by indicator_id
"""

_GAPS = f"""
create table gaps as
with spoken as (
    select *
    from inequalities
    where area_type in (select area_type from levels) and indicator_id in (from unequal)
    qualify origin = max(origin) over (
        partition by indicator_id, area_code, period_start, period_end, {_CUT}
    )
),

periods as (
    select distinct indicator_id, period_type, period_start, period_end, period from periods
),

numbered as (
    select
        spoken.*,
        places.area,
        periods.period,
        case when measure in {RATIOS} then 2 else kinds.decimals end as places,
        {{'from': from_group, 'to': to_group}} as pair
    from spoken
    inner join kinds using (indicator_id)
    inner join places using (area_code)
    inner join periods using (indicator_id, period_type, period_start, period_end)
),

about as (
    select
        {_KEY},
        min(places) as places,
        list_sort(list(distinct status_reason) filter (where status <> 'published')) as reasons,
        list_sort(list(distinct pair) filter (where {_PUBLISHED})) as groups
    from numbered
    group by {_KEY}
),

rows_wanted as (select distinct {_KEY}, period from numbered),

columns_wanted as (select distinct {_KEY}, area from numbered),

periods_wanted as (
    select {_KEY}, string_agg(cast(period as varchar), ',' order by period) as periods
    from rows_wanted
    group by {_KEY}
),

areas_wanted as (
    select {_KEY}, string_agg(cast(area as varchar), ',' order by area) as areas
    from columns_wanted
    group by {_KEY}
),

wanted as (select * from rows_wanted inner join columns_wanted using ({_KEY})),

filled as (
    select
        {_KEY},
        {_grid(whole("value", "about.places"), _PUBLISHED)} as v,
        {_grid(whole("lower_95", "about.places"), _PUBLISHED)} as low,
        {_grid(whole("upper_95", "about.places"), _PUBLISHED)} as high,
        {_grid("list_position(about.groups, pair) - 1", _PUBLISHED)} as g,
        {_grid("list_position(about.reasons, status_reason) - 1", "status <> 'published'")} as w
    from wanted
    inner join about using ({_KEY})
    left join numbered using ({_KEY}, period, area)
    group by {_KEY}
)

select about.*, filled.v, filled.low, filled.high, filled.g, filled.w, areas, periods
from about
inner join filled using ({_KEY})
inner join areas_wanted using ({_KEY})
inner join periods_wanted using ({_KEY})
"""

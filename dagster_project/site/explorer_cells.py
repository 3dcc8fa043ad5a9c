"""The release's values as the explorer's cells: one a series, period and area, in DuckDB.

A series is what a reader chooses among: kind of period, sex, age, segment, and one further cut.
The publisher's own value speaks where there is one, ours where there is none, as in
`domain_summary`. Judgements, reasons and statuses are the release's: none is worked out here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.release.sql import parquet

if TYPE_CHECKING:
    import duckdb

# Levels whose areas the explorer shows. Practices, networks and providers are thousands an
# indicator: they are in the release's tables.
LEVELS = ("england", "region", "utla", "district", "nhs_region", "icb", "sub_icb")
SERIES = ("period_type", "sex", "age", "segment", "breakdown_type", "breakdown")
PERIOD = ("period_type", "period_start", "period_end")
# The letter of each word in a cell; a point stands where the release has no row.
JUDGEMENT_LETTERS = {
    "better": "b",
    "similar": "s",
    "worse": "w",
    "lower": "l",
    "higher": "h",
    "no_judgement": "n",
    "not_compared": "x",
}
STATUS_LETTERS = {
    "published": "p",
    "held": "h",
    "suppressed": "s",
    "withdrawn": "w",
    "not_calculated": "c",
    "not_available": "a",
    "not_collected": "o",
    "not_applicable": "i",
}
# Only these have a figure that may be shown: of a held value the last good one.
SHOWN = "('published', 'held')"


def prepare(con: duckdb.DuckDBPyConnection, release: Path) -> None:
    """Temporary tables `areas`, `kinds`, `series`, `cells` and `headline_series` of the release."""
    data = release / "data"
    for name in ("areas", "indicators", "holds", "trends", "goals", "inequalities"):
        con.execute(f"create temp view released_{name} as from {parquet(data / f'{name}.parquet')}")
    values = parquet(data / "indicator_values.parquet")
    comparisons = parquet(data / "comparisons.parquet")
    con.execute(f"create temp view released_values as from {values}")
    con.execute(f"create temp view released_comparisons as from {comparisons}")
    for statement in (_SPEAKING, _AREAS, _KINDS, _SERIES, _CELLS, _HEADLINE):
        con.execute(statement)


_LEVELS = ", ".join(f"'{level}'" for level in LEVELS)
_ORDER = " ".join(f"when '{level}' then {index}" for index, level in enumerate(LEVELS))

# Of two rows of one key but for the origin, the publisher's own.
_SPEAKING = f"""
create temp table speaking as
select * exclude (release_first_published, definition_version)
from released_values
where area_type in ({_LEVELS})
qualify row_number() over (
    partition by indicator_id, area_code, {", ".join(PERIOD)}, {", ".join(SERIES[1:])}
    order by origin desc
) = 1
"""

_AREAS = f"""
create temp table areas as
select
    row_number() over (order by case area_type {_ORDER} end, area_name, area_code) - 1 as area,
    *
from (
    select
        released_areas.area_code,
        any_value(coalesce(released_areas.area_name, released_areas.area_code)) as area_name,
        any_value(levels.area_type) as area_type,
        any_value(released_areas.region_code) as region_code,
        bool_or(coalesce(released_areas.is_ltla, false)) as is_ltla,
        bool_or(released_areas.valid_to is not null) as is_past
    from released_areas
    inner join (select distinct area_code, area_type from speaking) as levels
        on released_areas.area_code = levels.area_code
    group by released_areas.area_code
)
"""

# The indicators that the explorer shows, numbered as core.js lists them.
_KINDS = """
create temp table kinds as
select
    row_number() over (order by lower(released_indicators.title), released_indicators.indicator_id) - 1 as kind,
    released_indicators.* replace (coalesce(decimals, 1) as decimals),
    (
        select bool_and(coalesce(numerator = round(numerator), true) and coalesce(denominator = round(denominator), true))
        from speaking where speaking.indicator_id = released_indicators.indicator_id
    ) as counts_are_whole
from released_indicators
where indicator_id in (select indicator_id from speaking)
"""

_SERIES = f"""
create temp table series as
with cuts as (
    select
        indicator_id,
        {", ".join(SERIES)},
        max(period_end) as newest,
        max(period_end - period_start) as days,
        count(distinct period_end) as periods
    from speaking
    group by indicator_id, {", ".join(SERIES)}
)

select
    cuts.*,
    row_number() over (
        partition by cuts.indicator_id
        order by
            cuts.segment <> 'all',
            cuts.breakdown_type <> 'all',
            coalesce(cuts.age <> kinds.headline_age, false),
            not list_contains(string_split(coalesce(kinds.headline_sex, ''), '|'), cuts.sex),
            cuts.newest desc, cuts.days desc, cuts.period_type desc,
            cuts.sex = 'Persons' desc, cuts.sex, cuts.age, cuts.breakdown_type, cuts.breakdown
    ) - 1 as series
from cuts
inner join kinds on cuts.indicator_id = kinds.indicator_id
"""

_SAME_KEY = " and ".join(
    f"speaking.{name} = judged.{name}"
    for name in ("indicator_id", "area_code", "period_start", "period_end", "origin", *SERIES)
)

_CELLS = f"""
create temp table cells as
with judged as (
    select
        indicator_id, area_code, period_start, period_end, origin, {", ".join(SERIES)},
        max(judgement) filter (where comparator_type = 'england') as against_england,
        max(reason) filter (where comparator_type = 'england') as england_reason,
        max(judgement) filter (where comparator_type = 'region') as against_region,
        max(reason) filter (where comparator_type = 'region') as region_reason
    from released_comparisons
    where comparator_type in ('england', 'region') and area_type in ({_LEVELS})
    group by all
),

held as (
    select indicator_id, area_code, {", ".join(PERIOD)}, {", ".join(SERIES[1:])}, origin,
        string_agg(reason, '; ' order by check_id) as held_because
    from released_holds group by all
)

select
    speaking.*,
    kinds.kind,
    kinds.decimals,
    kinds.counts_are_whole,
    series.series,
    areas.area,
    judged.* exclude (indicator_id, area_code, period_start, period_end, origin, {", ".join(SERIES)}),
    held.held_because,
    speaking.status in {SHOWN} and speaking.value is not null as is_shown,
    dense_rank() over (
        partition by speaking.indicator_id
        order by speaking.period_end, speaking.period_start, speaking.period_type, speaking.period_label
    ) - 1 as period
from speaking
inner join kinds on speaking.indicator_id = kinds.indicator_id
inner join areas on speaking.area_code = areas.area_code
inner join series
    on speaking.indicator_id = series.indicator_id
    and {" and ".join(f"speaking.{name} = series.{name}" for name in SERIES)}
left join judged on {_SAME_KEY}
left join held
    on {_SAME_KEY.replace("judged.", "held.")}
"""

# The series that speak for an indicator, as domain_summary has it: the declared one of each sex, or
# the only age and sex there is.
_HEADLINE = """
create temp table headline_series as
with declared as (
    select indicator_id, headline_age as age, unnest(string_split(headline_sex, '|')) as sex
    from kinds
),

whole as (select * from series where segment = 'all' and breakdown_type = 'all'),

chosen as (
    select whole.* from whole inner join declared using (indicator_id, age, sex)
)

select indicator_id, age, sex from chosen
group by indicator_id, age, sex
union all
select indicator_id, min(age) as age, min(sex) as sex
from whole
where indicator_id not in (select indicator_id from chosen)
group by indicator_id
having count(distinct age) = 1 and count(distinct sex) = 1
"""

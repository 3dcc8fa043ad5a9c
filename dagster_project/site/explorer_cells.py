"""The release's values as the explorer's cells: one a series, period and area, in DuckDB.

A series is what a reader chooses among: kind of period, sex, age, segment, and one further cut.
The publisher's own value speaks where there is one, ours where there is none, as in `headlines`.
Judgements, reasons and statuses are the release's: none is worked out here.
"""

from __future__ import annotations

from collections.abc import Sequence

from dagster_project.site.levels import LEVELS as PAGE_LEVELS
from dagster_project.site.reading import Tables

# Levels whose areas the explorer shows. Practices, networks and providers are thousands an
# indicator: they are in the release's tables.
LEVELS = tuple(level.area_type for level in PAGE_LEVELS)
SERIES = ("period_type", "sex", "age", "segment", "breakdown_type", "breakdown")
KEY = ("indicator_id", "area_code", "period_start", "period_end", "origin", *SERIES)
# The letter of each word in a cell; a point stands where the release has no row.
JUDGEMENT_LETTERS = {
    "better": "b",
    "similar": "s",
    "worse": "w",
    "higher": "h",
    "lower": "l",
    "no_judgement": "n",
    "not_compared": "x",
}
# Of "not compared" where only limits are missing: England's value stands beside such a value.
BESIDE_LETTER = "y"
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


def prepare(tables: Tables) -> None:
    """`speaking`, `places`, `kinds`, `cuts` and `periods` stand beside the release's tables."""
    for statement in (_OVERRULED, _SPEAKING, _PLACES, _KINDS, _CUTS, _PERIODS):
        tables.con.execute(statement)


def make_cells(tables: Tables, indicators: Sequence[str]) -> None:
    """The table `cells` holds the cells of these indicators."""
    tables.con.execute("create table wanted as select unnest(?) as indicator_id", [indicators])
    tables.con.execute(_CELLS)


_LEVELS = ", ".join(f"'{level}'" for level in LEVELS)
_SERIES = ", ".join(SERIES)
_KEY = ", ".join(KEY)

# Of two rows of one key but for the origin, the publisher's own. Few are ours, and only those are
# looked up: a window would put every row of the release in order.
_OVERRULED = f"""
create table overruled as
select ours.origin, {", ".join(f"ours.{name}" for name in KEY if name != "origin")}
from (from shown_indicator_values where origin = 'computed') as ours
semi join (from shown_indicator_values where origin <> 'computed') as theirs
    using ({", ".join(name for name in KEY if name != "origin")})
"""

_SPEAKING = f"""
create view speaking as
from shown_indicator_values
anti join overruled using ({_KEY})
"""

# Areas with values, numbered as core.js lists them: by level and name.
_PLACES = f"""
create table places as
with named as (
    select
        areas.area_code,
        any_value(coalesce(areas.area_name, areas.area_code)) as area_name,
        any_value(found.area_type) as area_type,
        any_value(areas.region_code) as region_code,
        any_value(areas.successor_codes) as successor_codes,
        bool_or(coalesce(areas.is_ltla, false)) as is_ltla,
        bool_and(areas.valid_to is not null) as is_past
    from areas
    inner join (select distinct area_code, area_type from speaking) as found
        on areas.area_code = found.area_code
    group by areas.area_code
)

select
    row_number() over (
        order by list_position([{_LEVELS}], area_type), is_past, area_name, area_code
    ) - 1 as area,
    *
from named
"""

# The indicators that the explorer shows, numbered as core.js lists them.
_KINDS = f"""
create table kinds as
with counts as (
    select
        indicator_id,
        -- Counts are whole as a rule; expected cases and weighted people have a decimal.
        if(bool_or(numerator <> round(numerator)), 1, 0) as numerator_decimals,
        if(bool_or(denominator <> round(denominator)), 1, 0) as denominator_decimals,
        count(distinct area_code) filter (status in {SHOWN} and value is not null) as reach
    from speaking
    group by indicator_id
),

-- Why the areas themselves may not be set against each other, where the release refuses it.
refused as (
    select indicator_id, max(reason) as refused_among_areas
    from shown_comparisons
    where
        comparator_type = 'region'
        and reason in (
            'indirectly_standardised', 'count_depends_on_size', 'crude_where_standardised'
        )
    group by indicator_id
)

select
    row_number() over (order by lower(indicators.title), indicator_id) - 1 as kind,
    indicators.* replace (coalesce(decimals, 1) as decimals),
    counts.numerator_decimals,
    counts.denominator_decimals,
    counts.reach,
    refused.refused_among_areas
from indicators
inner join counts using (indicator_id)
left join refused using (indicator_id)
"""

# The series of an indicator, those that speak for it first.
_CUTS = f"""
create table cuts as
with every_cut as (
    select
        indicator_id,
        {_SERIES},
        max(period_end) as newest,
        max(period_end - period_start) as days
    from speaking
    group by indicator_id, {_SERIES}
),

-- Of the levels that are shown: what else speaks is in no key of a file (decision 35).
spoken as (
    select distinct indicator_id, sex, age, period_type
    from headlines
    where area_type in (select area_type from levels)
)

select
    every_cut.*,
    segment = 'all' and breakdown_type = 'all' and spoken.sex is not null as speaks,
    row_number() over (
        partition by indicator_id
        order by
            segment <> 'all',
            breakdown_type <> 'all',
            spoken.sex is null,
            newest desc,
            days desc,
            sex = 'Persons' desc,
            period_type, sex, age, segment, breakdown_type, breakdown
    ) - 1 as series
from every_cut
left join spoken using (indicator_id, sex, age, period_type)
"""

# The periods of an indicator, numbered in their order.
_PERIODS = """
create table periods as
select
    *,
    dense_rank() over (
        partition by indicator_id order by period_end, period_start, period_type, period_label
    ) - 1 as period
from (
    select distinct indicator_id, period_end, period_start, period_type, period_label from speaking
)
"""


def _against(comparator: str) -> str:
    return (
        f"against_{comparator} as (select {_KEY}, judgement, reason, comparator_value"
        f" from shown_comparisons where comparator_type = '{comparator}'"
        " and indicator_id in (from wanted))"
    )


# What a cell says besides its figures: why it has no value or isn't compared with England (which
# itself needs no reason), since when and why it is held, what to bear in mind.
_CELLS = f"""
create table cells as
with {_against("england")},

{_against("region")},

held as (
    select {_KEY}, string_agg(reason, '; ' order by check_id) as held_because
    from holds
    group by {_KEY}
)

select
    kinds.kind,
    cuts.series,
    periods.period,
    places.area,
    speaking.area_type,
    kinds.decimals,
    kinds.numerator_decimals,
    kinds.denominator_decimals,
    speaking.status in {SHOWN} and speaking.value is not null as is_shown,
    speaking.value,
    speaking.lower_95,
    speaking.upper_95,
    speaking.numerator,
    speaking.denominator,
    speaking.status,
    speaking.origin,
    speaking.source_id,
    against_england.judgement as against_england,
    -- The release refuses a comparison and gives England's value where only limits are missing.
    against_england.judgement = 'not_compared'
    and against_england.comparator_value is not null as is_beside_england,
    against_region.judgement as against_region,
    against_region.reason as region_reason,
    case
        when speaking.status <> 'published' then coalesce(speaking.status_reason, speaking.status)
        when against_england.reason <> 'is_comparator' then against_england.reason
    end as code,
    case
        when speaking.status = 'held'
            then concat_ws('. ', 'Held since ' || speaking.held_since, held.held_because)
    end as words,
    array_to_string(
        list_filter(speaking.flags, lambda flag: flag <> 'synthetic'), ';'
    ) as flags
from (from speaking where indicator_id in (from wanted)) as speaking
inner join kinds using (indicator_id)
inner join places using (area_code)
inner join cuts using (indicator_id, {_SERIES})
inner join periods
    using (indicator_id, period_end, period_start, period_type, period_label)
left join against_england using ({_KEY})
left join against_region using ({_KEY})
left join held using ({_KEY})
"""

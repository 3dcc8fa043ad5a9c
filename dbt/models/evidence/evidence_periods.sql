-- One row per group of values that are judged together, with what is to be said of the group as a
-- whole, and the same of the period before it in its series of grouped.
with grouped as (
    select
        {{ group_number() }} as group_id,
        indicator_id,
        area_type,
        period_type,
        period_start,
        period_end,
        source_id,
        count(*) as n_rows,
        count(value) as n_values,
        count(numerator) as n_numerators,
        count(denominator) as n_denominators,
        count(lower_95) as n_limits,
        count(*) filter (where sex = 'Persons') as n_of_both_sexes,
        count(*) filter (where age = 'All ages') as n_of_all_ages,
        count(*) filter (where breakdown_type = 'all') as n_of_everybody,
        count(value) filter (where origin = 'computed') as n_computed,
        -- The logarithm of the geometric mean: one area can hardly move it, a wrong unit must.
        {{ steady_sum('case when value > 0 and isfinite(value) then ln(value) end') }}
        / nullif(count(*) filter (where value > 0 and isfinite(value)), 0) as level
    from {{ ref('candidate_values') }}
    group by indicator_id, area_type, period_type, period_start, period_end, source_id
),

-- Lengths of periods of one series, and whether they are of years, quarters or months.
types as (
    select
        indicator_id,
        area_type,
        source_id,
        count(distinct period_type) as n_period_types
    from grouped
    group by indicator_id, area_type, source_id
)

select
    grouped.*,
    types.n_period_types,
    lag(grouped.group_id) over series as before_id,
    lag(grouped.period_start) over series as before_start,
    lag(grouped.n_rows) over series as n_rows_before,
    lag(grouped.n_values) over series as n_values_before,
    lag(grouped.n_numerators) over series as n_numerators_before,
    lag(grouped.n_denominators) over series as n_denominators_before,
    lag(grouped.n_limits) over series as n_limits_before,
    lag(grouped.level) over series as level_before,
    lead(grouped.group_id) over series is null as is_latest
from grouped
left join types
    on
        grouped.indicator_id = types.indicator_id
        and grouped.area_type is not distinct from types.area_type
        and grouped.source_id = types.source_id
window series as (
    partition by grouped.indicator_id, grouped.area_type, grouped.period_type, grouped.source_id
    order by grouped.period_start asc, grouped.period_end asc
)

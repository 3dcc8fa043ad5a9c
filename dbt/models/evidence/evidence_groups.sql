{# The figures of the rows: each is told of its group by its worst row, and by how many have one. #}
{% set figures = [
    'duplicate_count',
    'unknown_code',
    'area_not_valid',
    'period_malformed',
    'gap_without_reason',
    'status_not_in_list',
    'numerator_excess',
    'limits_gap',
    'range_excess',
    'not_finite',
    'conflict',
    'total_in_key',
    'spelling_differs',
    'category_not_harmonised',
    'name_of_another',
    'parent_missing',
    'stand_in',
    'days_unfinished',
    'events_lacking',
    'recompute_gap',
    'rounded_recompute_gap',
    'limits_recompute_gap',
    'change_in_errors',
    'denominator_change',
    'parts_gap',
    'beyond_parts',
    'route_gap',
    'population_excess',
    'revision_size',
    'judgement_turned',
    'turned_alone',
    'small_count_shown',
    'rounding_gap',
    'hidden_cell_told',
] %}

-- One row per group of values that are judged together: an indicator, area type, period and source.
-- Each figure of its rows by the worst of them, and what can only be said of the group as a whole.
with of_rows as (
    select
        group_id,
        indicator_id,
        area_type,
        period_type,
        period_start,
        period_end,
        source_id,
        {% for figure in figures -%}
            max({{ figure }}) as {{ figure }}_max,
            count({{ figure }}) as {{ figure }}_tested,
        {% endfor -%}
        count(*) as n_rows
    from {{ ref('evidence_rows') }}
    group by group_id, indicator_id, area_type, period_type, period_start, period_end, source_id
),

registered as (
    select
        periods.*,
        indicators.value_type,
        case indicators.periodicity
            when 'monthly' then 1
            when 'quarterly' then 3
            when 'six-monthly' then 6
            when 'annual' then 12
            when 'biennial' then 24
        end as months_between
    from {{ ref('evidence_periods') }} as periods
    inner join {{ ref('int_indicators') }} as indicators on periods.indicator_id = indicators.indicator_id
),

areas as (
    select distinct
        area_type,
        true as has_registry
    from {{ ref('areas') }}
),

missing_areas as (
    select
        group_id,
        count(*) / any_value(expected_areas) as missing_share,
        string_agg(area_code, ', ' order by area_code) as area_codes
    from {{ ref('evidence_missing_areas') }}
    group by group_id
),

moved as (
    select
        group_id,
        min(value_shift) as least_shift,
        count(value_shift) as n_shifts,
        sum(is_unchanged) as n_unchanged,
        count(is_unchanged) as n_repeats
    from {{ ref('evidence_changes') }}
    group by group_id
),

-- A file that comes again under a new year's name repeats its values at every level: whether England's
-- single value is a repeat is told by all others of its indicator and period.
repeated as (
    select
        periods.indicator_id,
        periods.source_id,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        -- Two may be the same by chance wherever there are few.
        greatest(sum(moved.n_unchanged) - 2, 0.0) / sum(moved.n_repeats) as unchanged_share,
        sum(moved.n_repeats) as n_repeats
    from moved
    inner join {{ ref('evidence_periods') }} as periods on moved.group_id = periods.group_id
    group by
        periods.indicator_id, periods.source_id, periods.period_type, periods.period_start, periods.period_end
    having sum(moved.n_repeats) > 0
)

select
    of_rows.*,
    true as expects_values,
    -- Where a figure that the registry says is there must have been tested.
    registered.n_rows > 0 as has_rows,
    registered.n_values > 0 as has_values,
    registered.n_values > 0
    and registered.value_type in ('proportion', 'crude_rate', 'dsr', 'isr', 'isr_ratio', 'count') as has_range,
    registered.n_computed > 0
    and registered.value_type in ('proportion', 'crude_rate', 'ratio', 'isr_ratio') as has_counts,
    registered.n_computed > 0 and registered.value_type = 'proportion' as has_shares,
    cast(registered.n_period_types - 1 as double) as further_period_types,
    registered.n_rows as further_period_types_tested,
    case
        when registered.before_id is not null and registered.months_between is not null
            then greatest(
                round(
                    date_diff('month', registered.before_start, registered.period_start)
                    / registered.months_between
                ) - 1,
                0.0
            )
    end as periods_missing,
    cast(registered.before_id is not null and registered.months_between is not null as bigint)
        as periods_missing_tested,
    abs(registered.n_rows - registered.n_rows_before) / registered.n_rows_before as row_count_change,
    coalesce(registered.n_rows_before, 0) as row_count_change_tested,
    cast(
        case
            when registered.before_id is not null
                then
                    cast(registered.n_values = 0 and registered.n_values_before > 0 as integer)
                    + cast(registered.n_numerators = 0 and registered.n_numerators_before > 0 as integer)
                    + cast(registered.n_denominators = 0 and registered.n_denominators_before > 0 as integer)
                    + cast(registered.n_limits = 0 and registered.n_limits_before > 0 as integer)
        end
        as double
    ) as columns_emptied,
    coalesce(registered.n_rows_before, 0) as columns_emptied_tested,
    abs(registered.level - registered.level_before) as level_shift,
    case
        when registered.level is not null and registered.level_before is not null
            then registered.n_values
        else 0
    end as level_shift_tested,
    moved.least_shift,
    coalesce(moved.n_shifts, 0) as least_shift_tested,
    repeated.unchanged_share,
    cast(coalesce(repeated.n_repeats, 0) as bigint) as unchanged_share_tested,
    sets.members_missing,
    coalesce(sets.n_sets, 0) as members_missing_tested,
    case when areas.has_registry then coalesce(missing_areas.missing_share, 0.0) end as areas_missing_share,
    cast(coalesce(areas.has_registry, false) as bigint) as areas_missing_share_tested,
    missing_areas.area_codes as areas_missing
from of_rows
inner join registered on of_rows.group_id = registered.group_id
left join moved on of_rows.group_id = moved.group_id
left join repeated
    on
        of_rows.indicator_id = repeated.indicator_id
        and of_rows.source_id = repeated.source_id
        and of_rows.period_type = repeated.period_type
        and of_rows.period_start = repeated.period_start
        and of_rows.period_end = repeated.period_end
left join {{ ref('evidence_sets') }} as sets on of_rows.group_id = sets.group_id
left join missing_areas on of_rows.group_id = missing_areas.group_id
left join areas on of_rows.area_type = areas.area_type

-- One row per group of values that are judged together: an indicator, area type, period and source, with what
-- can only be said of the group as a whole. Of its rows (evidence_rows) the judging reads the worst itself.
with of_rows as (
    select
        group_id,
        indicator_id,
        coalesce(area_type, 'unknown') as area_type,
        period_type,
        period_start,
        period_end,
        source_id,
        n_rows
    from {{ ref('evidence_periods') }}
    -- Where not one row came that was expected there is a group all the same, of none.
    union all by name
    select
        *,
        cast(0 as bigint) as n_rows
    from {{ ref('evidence_missing_groups') }}
),

-- How far the level of a series has ever moved from one period to the next before this one, if three
-- steps are known; a step is at least a fiftieth, as nothing stands stiller by nature.
steps as (
    select
        group_id,
        case
            when count(level - level_before) over earlier >= 3
                then greatest(max(abs(level - level_before)) over earlier, 0.02)
        end as largest_step
    from {{ ref('evidence_periods') }}
    window earlier as (
        partition by indicator_id, area_type, period_type, source_id
        order by period_start asc, period_end asc
        rows between unbounded preceding and 1 preceding
    )
),

registered as (
    select
        periods.*,
        steps.largest_step,
        indicators.value_type,
        -- Words of the title that narrow the measure, of which the key of some values says nothing.
        cast(
            (
                regexp_matches(indicators.title, '(?i)\b(males?|females?|men|women|boys|girls)\b')
                and periods.n_of_both_sexes > 0
            )
            or (
                regexp_matches(
                    indicators.title,
                    '(?i)\b(aged|under|over) [0-9]+|[0-9]\+|\b[0-9]+ (and over|years?|year olds)\b'
                )
                -- Waiting times are under and over as well.
                and not regexp_matches(indicators.title, '(?i)[0-9]+\+? (minutes|hours|days|weeks|months)')
                and periods.n_of_all_ages > 0
            )
            or (
                regexp_matches(indicators.title, '(?i)\b(white|black|asian|minority ethnic|ethnic minority)\b')
                and periods.n_of_everybody > 0
            )
            as double
        ) as cut_in_title,
        case indicators.periodicity
            when 'monthly' then 1
            when 'quarterly' then 3
            when 'six-monthly' then 6
            when 'annual' then 12
            when 'biennial' then 24
        end as months_between
    from {{ ref('evidence_periods') }} as periods
    inner join steps on periods.group_id = steps.group_id
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
        min(abs(denominator_shift)) as least_denominator_shift,
        count(denominator_shift) as n_denominators,
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
        greatest(sum(moved.n_unchanged) - 2, 0.0) / nullif(sum(moved.n_repeats), 0) as unchanged_share,
        sum(moved.n_repeats) as n_repeats,
        -- Of fewer than ten areas some may have been redrawn or counted anew.
        case when sum(moved.n_denominators) >= 10 then min(moved.least_denominator_shift) end
            as least_denominator_shift,
        case when sum(moved.n_denominators) >= 10 then sum(moved.n_denominators) else 0 end as n_denominators
    from moved
    inner join {{ ref('evidence_periods') }} as periods on moved.group_id = periods.group_id
    group by
        periods.indicator_id, periods.source_id, periods.period_type, periods.period_start, periods.period_end
    having sum(moved.n_repeats) > 0 or sum(moved.n_denominators) > 0
)

select
    of_rows.*,
    true as expects_values,
    -- Where a figure that the registry says is there must have been tested.
    of_rows.n_rows > 0 as has_rows,
    coalesce(registered.n_values > 0, false) as has_values,
    coalesce(registered.n_values > 0, false)
    and registered.value_type in ('proportion', 'crude_rate', 'dsr', 'isr', 'isr_ratio', 'count') as has_range,
    coalesce(registered.n_computed > 0, false)
    and registered.value_type in ('proportion', 'crude_rate', 'ratio', 'isr_ratio') as has_counts,
    coalesce(registered.n_computed > 0, false) and registered.value_type = 'proportion' as has_shares,
    registered.cut_in_title,
    of_rows.n_rows as cut_in_title_tested,
    cast(registered.n_period_types - 1 as double) as further_period_types,
    of_rows.n_rows as further_period_types_tested,
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
    repeated.least_denominator_shift,
    cast(coalesce(repeated.n_denominators, 0) as bigint) as least_denominator_shift_tested,
    shifted.shifted_share,
    coalesce(shifted.n_compared, 0) as shifted_share_tested,
    new_cuts.new_cuts_share,
    coalesce(new_cuts.n_rows, 0) as new_cuts_share_tested,
    abs(registered.level - registered.level_before) / registered.largest_step as level_jump,
    case
        when registered.level - registered.level_before is not null and registered.largest_step is not null
            then registered.n_values
        else 0
    end as level_jump_tested,
    repeated.unchanged_share,
    cast(coalesce(repeated.n_repeats, 0) as bigint) as unchanged_share_tested,
    sets.members_missing,
    coalesce(sets.n_sets, 0) as members_missing_tested,
    case
        when areas.has_registry and of_rows.n_rows = 0 then 1.0
        when areas.has_registry then coalesce(missing_areas.missing_share, 0.0)
    end as areas_missing_share,
    cast(coalesce(areas.has_registry, false) as bigint) as areas_missing_share_tested,
    case when of_rows.n_rows = 0 then 'all of the level' else missing_areas.area_codes end as areas_missing
from of_rows
left join registered on of_rows.group_id = registered.group_id
left join moved on of_rows.group_id = moved.group_id
left join repeated
    on
        of_rows.indicator_id = repeated.indicator_id
        and of_rows.source_id = repeated.source_id
        and of_rows.period_type = repeated.period_type
        and of_rows.period_start = repeated.period_start
        and of_rows.period_end = repeated.period_end
left join {{ ref('evidence_shifted') }} as shifted
    on
        of_rows.indicator_id = shifted.indicator_id
        and of_rows.source_id = shifted.source_id
        and of_rows.period_type = shifted.period_type
        and of_rows.period_start = shifted.period_start
        and of_rows.period_end = shifted.period_end
left join {{ ref('evidence_new_cuts') }} as new_cuts on of_rows.group_id = new_cuts.group_id
left join {{ ref('evidence_sets') }} as sets on of_rows.group_id = sets.group_id
left join missing_areas on of_rows.group_id = missing_areas.group_id
left join areas on of_rows.area_type = areas.area_type

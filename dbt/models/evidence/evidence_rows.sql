{{ config(materialized='view') }}

-- The figures of each candidate value: distances and counts, never thresholds. A figure is NULL
-- where there is nothing to test. The bounds stand in `expectations/`.
with known_ages as (
    select
        age,
        -- Publishers' ages begin with a number and name its unit, or are one of a few words.
        regexp_full_match(
            age,
            'All ages|Not applicable|Newborn|'
            || '[<>=]* ?[0-9].*(y|yr|yrs|years|m|mth|mths|months|w|wk|wks|weeks|days|birth)\b.*'
        ) as is_known
    from (select distinct age from {{ ref('int_observations') }})
),

joined as (
    select
        candidates.*,
        case
            when candidates.value_type = 'proportion' and indicators.unit = '%' then 100.0
            when candidates.value_type = 'proportion' then indicators.multiplier
        end as highest,
        case
            when candidates.value_type in ('proportion', 'crude_rate', 'dsr', 'isr', 'isr_ratio', 'count') then 0.0
        end as lowest,
        known_ages.is_known as is_age_known,
        disclosure.small_count_shown,
        disclosure.rounding_gap,
        disclosure.hidden_cell_told
    from {{ ref('candidate_values') }} as candidates
    inner join {{ ref('int_indicators') }} as indicators using (indicator_id)
    left join known_ages on candidates.age = known_ages.age
    left join {{ ref('evidence_disclosure') }} as disclosure on candidates.row_id = disclosure.row_id
)

select
    row_id,
    -- 63 bits of the hash: a group's number is the same whatever else was landed.
    cast(hash(indicator_id, area_type, period_type, period_start, period_end, source_id) // 2 as bigint) as group_id,
    indicator_id,
    coalesce(area_type, 'unknown') as area_type,
    period_type,
    period_start,
    period_end,
    source_id,
    cast(collision_count as double) as duplicate_count,
    cast(
        area_type is null
        or sex not in ('Persons', 'Male', 'Female', 'Not applicable')
        or not coalesce(is_age_known, false)
        or population_basis is null
        or population_basis not in ('resident', 'registered', 'service_users', 'survey')
        as double
    ) as unknown_code,
    case when area_type is not null then cast(is_area_ended and not is_recast_area as double) end as area_not_valid,
    cast(
        not (
            period_start <= period_end
            and case
                when
                    period_type like '%\_quarter' escape '\'
                    then date_diff('day', period_start, period_end) between 88 and 92
                when
                    period_type like 'financial\_quarters\_%' escape '\'
                    then
                        date_diff('day', period_start, period_end)
                        // cast(regexp_extract(period_type, '[0-9]+$') as integer) between 89 and 92
                when
                    period_type like '%\_year' escape '\'
                    then date_diff('day', period_start, period_end) between 364 and 365
                else date_diff('day', period_start, period_end) >= 729
            end
        ) as double
    ) as period_malformed,
    cast((value is null) = (status = 'published') as double) as gap_without_reason,
    cast(
        status not in (
            'published', 'suppressed', 'not_calculated', 'not_available', 'not_collected', 'not_applicable'
        )
        or (status <> 'published' and status_reason is null)
        as double
    ) as status_not_in_list,
    case
        when value_type = 'proportion' and numerator is not null and denominator is not null
            then greatest(numerator - denominator, 0.0)
    end as numerator_excess,
    case
        when value is not null and coalesce(lower_95, upper_95, lower_998, upper_998) is not null
            then greatest(
                coalesce(lower_95 - value, 0.0), coalesce(value - upper_95, 0.0),
                coalesce(lower_998 - value, 0.0), coalesce(value - upper_998, 0.0),
                0.0
            ) / greatest(abs(value), 1.0)
    end as limits_gap,
    case
        when value is not null and coalesce(lowest, highest) is not null
            then greatest(coalesce(lowest - value, 0.0), coalesce(value - highest, 0.0), 0.0)
    end as range_excess,
    case
        when coalesce(value, lower_95, upper_95, lower_998, upper_998, numerator, denominator) is not null
            then cast(
                cast((not isfinite(coalesce(value, 0))) as integer)
                + cast((not isfinite(coalesce(lower_95, 0))) as integer)
                + cast((not isfinite(coalesce(upper_95, 0))) as integer)
                + cast((not isfinite(coalesce(lower_998, 0))) as integer)
                + cast((not isfinite(coalesce(upper_998, 0))) as integer)
                + cast((not isfinite(coalesce(numerator, 0))) as integer)
                + cast((not isfinite(coalesce(denominator, 0))) as integer)
                as double
            )
    end as not_finite,
    cast(conflict_count as double) as conflict,
    small_count_shown,
    rounding_gap,
    hidden_cell_told
from joined

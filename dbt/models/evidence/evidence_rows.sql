{{ config(materialized='view') }}

-- The figures of each candidate value: distances and counts, never thresholds. A figure is NULL
-- where there is nothing to test. The bounds stand in `expectations/`.
with joined as (
    select
        candidates.*,
        of_group.* exclude (indicator_id, area_type, period_type, period_start, period_end, source_id),
        cuts.is_age_known,
        cuts.total_in_key,
        cuts.spelling_differs,
        cuts.stand_in_key,
        cuts.category_not_harmonised,
        areas.parent_missing,
        (candidates.extract_id, candidates.area_code) in (
            select
                extract_id,
                {{ as_words('area_code', 'area_code') }}
            from {{ ref('evidence_names') }}
        ) as is_named,
        extracts.vintage_date,
        extracts.landed_on,
        indicator_names.indicator_misnamed,
        -- Counts that make the value, where they do: value = multiplier x numerator / denominator.
        case
            when
                candidates.value_type in ('proportion', 'crude_rate', 'ratio', 'isr_ratio')
                and candidates.status = 'published' and candidates.denominator > 0
                and isfinite(candidates.numerator) and isfinite(candidates.denominator)
                then of_group.multiplier * candidates.numerator / candidates.denominator
        end as from_counts,
        disclosure.small_count_shown,
        disclosure.rounding_gap,
        disclosure.hidden_cell_told
    from {{ ref('candidate_values') }} as candidates
    inner join {{ ref('evidence_common') }} as of_group
        on
            candidates.indicator_id = of_group.indicator_id
            and candidates.area_type is not distinct from of_group.area_type
            and candidates.period_type = of_group.period_type
            and candidates.period_start = of_group.period_start
            and candidates.period_end = of_group.period_end
            and candidates.source_id = of_group.source_id
    left join {{ ref('evidence_cuts') }} as cuts
        on
            candidates.sex = cuts.sex
            and candidates.age = cuts.age
            and candidates.segment = cuts.segment
            and candidates.breakdown_type = cuts.breakdown_type
            and candidates.breakdown = cuts.breakdown
    left join {{ ref('evidence_areas') }} as areas
        on candidates.area_code = {{ as_words('areas.area_code', 'area_code') }}
    left join {{ ref('evidence_indicator_names') }} as indicator_names
        on
            candidates.extract_id = indicator_names.extract_id
            and candidates.source_code = {{ as_words('indicator_names.indicator_code', 'source_code') }}
    left join {{ ref('stg_ledger__extracts') }} as extracts on candidates.extract_id = extracts.extract_id
    left join {{ ref('evidence_disclosure') }} as disclosure on candidates.row_id = disclosure.row_id
),

recomputed as (
    select
        *,
        -- How far from its counts a value may be by rounding alone: its own last figure, and half a
        -- step of each count. A count that would be hidden may be shown as any other that would.
        value_error
        + multiplier / denominator * greatest(
            count_error,
            case when numerator <= may_be_another then may_be_another else 0.0 end
        )
        + from_counts / denominator * count_error
        -- What the arithmetic itself may lose.
        + 1e-9 * greatest(abs(value), 1.0) as explained,
        -- The linter's grammar has no lambda of DuckDB 2, which the limits of small counts are made with.
        {{ limit_from_counts('lower') }} as lower_from_counts,  -- noqa: PRS,LT02
        {{ limit_from_counts('upper') }} as upper_from_counts
    from joined
),

own as (
    select
        row_id,
        group_id,
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
        period_malformed,
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
                then
                    greatest(lower_95 - value, value - upper_95, lower_998 - value, value - upper_998, 0.0)
                    / greatest(abs(value), 1.0)
        end as limits_gap,
        case
            when value is not null and coalesce(lowest, highest) is not null
                then greatest(lowest - value, value - highest, 0.0)
        end as range_excess,
        case
            when
                not isfinite(value)
                or not isfinite(lower_95)
                or not isfinite(upper_95)
                or not isfinite(lower_998)
                or not isfinite(upper_998)
                or not isfinite(numerator)
                or not isfinite(denominator)
                then cast(
                    cast(not isfinite(coalesce(value, 0)) as integer)
                    + cast(not isfinite(coalesce(lower_95, 0)) as integer)
                    + cast(not isfinite(coalesce(upper_95, 0)) as integer)
                    + cast(not isfinite(coalesce(lower_998, 0)) as integer)
                    + cast(not isfinite(coalesce(upper_998, 0)) as integer)
                    + cast(not isfinite(coalesce(numerator, 0)) as integer)
                    + cast(not isfinite(coalesce(denominator, 0)) as integer)
                    as double
                )
            when coalesce(value, lower_95, upper_95, lower_998, upper_998, numerator, denominator) is not null then 0.0
        end as not_finite,
        cast(conflict_count as double) as conflict,
        -- A cut without a row in evidence_cuts has a word that is blank.
        coalesce(total_in_key, 1.0) as total_in_key,
        coalesce(spelling_differs, 0.0) as spelling_differs,
        category_not_harmonised,
        is_named,
        parent_missing,
        greatest(
            coalesce(stand_in_key, 0.0),
            -- Looked for only where a figure is as low or as high as any of them.
            case
                when
                    value <= stand_ins.highest_negative
                    or numerator <= stand_ins.highest_negative
                    or denominator <= stand_ins.highest_negative
                    or lower_95 <= stand_ins.highest_negative
                    or upper_95 <= stand_ins.highest_negative
                    or value >= stand_ins.lowest_nines
                    or lower_95 >= stand_ins.lowest_nines
                    or upper_95 >= stand_ins.lowest_nines
                    then cast(
                        coalesce(list_contains(stand_ins.of_values, value), false)
                        or coalesce(list_contains(stand_ins.of_counts, numerator), false)
                        or coalesce(list_contains(stand_ins.of_counts, denominator), false)
                        or coalesce(list_contains(stand_ins.of_values, lower_95), false)
                        or coalesce(list_contains(stand_ins.of_values, upper_95), false)
                        as double
                    )
                else 0.0
            end
        ) as stand_in,
        -- Days by which the period had still to run when the file was put together.
        case
            when vintage_date is not null and value is not null
                then cast(greatest(date_diff('day', vintage_date, period_end), 0) as double)
        end as days_unfinished,
        case
            when fewest_events is not null and value is not null and numerator is not null
                then greatest(fewest_events - numerator - coalesce(rounding_base, 0.0) / 2, 0.0)
        end as events_lacking,
        -- What we add up from rounded counts is what those counts make it.
        case
            when (rounding_base is null or origin = 'computed') and value is not null
                then {{ in_roundings('value - from_counts', 'explained') }}
        end as recompute_gap,
        case
            when rounding_base is not null and origin <> 'computed' and value is not null
                then {{ in_roundings('value - from_counts', 'explained') }}
        end as rounded_recompute_gap,
        -- As shares of the width that the limits should have, beyond what the rounding of one figure explains.
        case
            when
                (rounding_base is null or origin = 'computed')
                and upper_from_counts - lower_from_counts > 0 and lower_95 is not null and upper_95 is not null
                then
                    greatest(
                        abs(lower_95 - lower_from_counts) - explained,
                        abs(upper_95 - upper_from_counts) - explained,
                        0.0
                    ) / (upper_from_counts - lower_from_counts)
        end as limits_recompute_gap,
        -- A nought without what nearly all others of the group have: the smaller of the two shares.
        case
            when value = 0 and denominator is null and lower_95 is null
                then share_with_both
        end as bare_nought,
        period_not_registered,
        -- Days by which the period had still to begin when the file was put together, or came in.
        cast(greatest(date_diff('day', coalesce(vintage_date, landed_on), period_start), 0) as double) as days_ahead,
        indicator_misnamed,
        small_count_shown,
        rounding_gap,
        hidden_cell_told
    from recomputed
    cross join {{ ref('evidence_stand_ins') }} as stand_ins
)

-- Of most rows nobody else says anything, and DuckDB hands rows on in scraps after a join that some of them
-- find nothing in: it comes when all that is said of a row by itself is worked out.
select
    own.* exclude (is_named),
    case when own.is_named then coalesce(neighbours.misnamed, 0.0) end as name_of_another,
    neighbours.* exclude (row_id, misnamed)
from own
left join {{ ref('evidence_neighbours') }} as neighbours on own.row_id = neighbours.row_id

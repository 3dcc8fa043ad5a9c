-- One row per value that is made of others: England's beside all areas of a level, both sexes' beside
-- men's and women's. How far the parts' counts are from the whole's, and how far its value lies
-- beyond all of theirs. Tested only where every part is there with its figure.
with live as (
    select
        periods.period_start,
        periods.period_end,
        areas.area_type,
        count(*) as areas
    from (
        select distinct
            period_start,
            period_end
        from {{ ref('evidence_periods') }}
    ) as periods
    inner join {{ ref('areas') }} as areas
        on
            cast(areas.valid_from as date) <= periods.period_end
            and coalesce(cast(areas.valid_to as date) >= periods.period_end, true)
    where areas.area_type in ('region', 'utla', 'nhs_region', 'icb', 'sub_icb')
    group by periods.period_start, periods.period_end, areas.area_type
),

figures as (
    select
        candidates.row_id,
        candidates.indicator_id,
        candidates.source_id,
        candidates.origin,
        candidates.area_type,
        candidates.area_code,
        candidates.period_type,
        candidates.period_start,
        candidates.period_end,
        candidates.sex,
        candidates.age,
        candidates.segment,
        candidates.breakdown_type,
        candidates.breakdown,
        candidates.numerator,
        candidates.value,
        candidates.value_type
    from {{ ref('candidate_values') }} as candidates
    where
        candidates.area_type in ('england', 'region', 'utla', 'nhs_region', 'icb', 'sub_icb')
        -- Estimates from a survey are made level by level, and don't add up.
        and coalesce(candidates.population_basis, '') <> 'survey'
),

levels as (
    select
        indicator_id,
        source_id,
        origin,
        area_type,
        period_type,
        period_start,
        period_end,
        sex,
        age,
        segment,
        breakdown_type,
        breakdown,
        any_value(value_type) as value_type,
        count(*) as n_rows,
        max(row_id) as row_id,
        case
            when count({{ finite('numerator') }}) = count(*) then {{ steady_sum(finite('numerator')) }}
        end as numerator,
        case when count(value) = count(*) then min(value) end as lowest,
        case when count(value) = count(*) then max(value) end as highest
    from figures
    group by
        indicator_id, source_id, origin, area_type, period_type, period_start, period_end,
        sex, age, segment, breakdown_type, breakdown
),

by_area as (
    select
        england.row_id,
        england.indicator_id,
        england.value_type,
        england.numerator,
        england.highest as value,
        parts.n_rows as n_parts,
        parts.numerator as parts_numerator,
        parts.lowest,
        parts.highest
    from levels as england
    inner join levels as parts
        on
            england.indicator_id = parts.indicator_id
            and england.source_id = parts.source_id
            and england.origin = parts.origin
            and england.period_type = parts.period_type
            and england.period_start = parts.period_start
            and england.period_end = parts.period_end
            and england.sex = parts.sex
            and england.age = parts.age
            and england.segment = parts.segment
            and england.breakdown_type = parts.breakdown_type
            and england.breakdown = parts.breakdown
    inner join live
        on
            parts.area_type = live.area_type
            and parts.period_start = live.period_start
            and parts.period_end = live.period_end
            and parts.n_rows = live.areas
    where england.area_type = 'england' and england.n_rows = 1
),

by_sex as (
    select
        max(row_id) filter (where sex = 'Persons') as row_id,
        indicator_id,
        any_value(value_type) as value_type,
        max(numerator) filter (where sex = 'Persons') as numerator,
        max(value) filter (where sex = 'Persons') as value,
        2 as n_parts,
        case
            when count({{ finite('numerator') }}) filter (where sex <> 'Persons') = 2
                then {{ steady_sum("case when sex <> 'Persons' and isfinite(numerator) then numerator end") }}
        end as parts_numerator,
        case
            when count(value) filter (where sex <> 'Persons') = 2
                then min(value) filter (where sex <> 'Persons')
        end as lowest,
        max(value) filter (where sex <> 'Persons') as highest
    from figures
    where sex in ('Persons', 'Male', 'Female')
    group by
        indicator_id, source_id, origin, area_code, period_type, period_start, period_end,
        age, segment, breakdown_type, breakdown
    having count(*) = 3 and count(distinct sex) = 3
),

wholes as (
    select * from by_area
    union all
    select * from by_sex
)

select
    wholes.row_id,
    -- Counts only: a mean or a score of the whole is no sum. Each part and the whole may be rounded.
    max(
        case
            when wholes.value_type in ('proportion', 'crude_rate', 'dsr', 'count')
                then
                    abs(wholes.parts_numerator - wholes.numerator)
                    / (1 + (wholes.n_parts + 1) * coalesce(cast(policies.rounding_base as double), 0) / 2)
        end
    ) as parts_gap,
    -- A value of the whole is some average of its parts', whatever their weights, if it is of these kinds.
    max(
        case
            when wholes.value_type in ('proportion', 'crude_rate', 'mean', 'score') and wholes.lowest is not null
                then
                    greatest(wholes.lowest - wholes.value, wholes.value - wholes.highest, 0.0)
                    / greatest(abs(wholes.value), 1e-9)
        end
    ) as beyond_parts
from wholes
inner join {{ ref('int_indicators') }} as indicators on wholes.indicator_id = indicators.indicator_id
left join {{ ref('disclosure_policies') }} as policies
    on indicators.disclosure_policy = policies.disclosure_policy
where wholes.row_id is not null
group by wholes.row_id

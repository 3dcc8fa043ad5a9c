-- One row per value that is made of others, and kind of parts: England's beside all areas of a level, a
-- region's beside its local authorities, both sexes' beside men's and women's. How far the parts' counts are
-- from the whole's, and how far its value lies beyond all of theirs. Tested only where every part is there
-- with its figure; where some are hidden, what the others leave over is what those must hold.
with live as (
    select
        period_start,
        period_end,
        area_type,
        whole_code,
        count(*) as areas
    from (
        select
            periods.period_start,
            periods.period_end,
            areas.area_type,
            -- Local authorities are parts of England, and of their region.
            unnest(
                case when areas.area_type = 'utla' then ['E92000001', areas.region_code] else ['E92000001'] end
            ) as whole_code
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
    )
    group by period_start, period_end, area_type, whole_code
),

figures as (
    select
        candidates.row_id,
        candidates.indicator_id,
        candidates.source_id,
        candidates.origin,
        candidates.area_type,
        candidates.area_code,
        areas.region_code,
        candidates.period_type,
        candidates.period_start,
        candidates.period_end,
        candidates.sex,
        candidates.age,
        candidates.segment,
        candidates.breakdown_type,
        candidates.breakdown,
        candidates.numerator,
        candidates.denominator,
        candidates.value,
        candidates.value_type,
        candidates.status
    from {{ ref('candidate_values') }} as candidates
    left join {{ ref('int_areas') }} as areas on candidates.area_code = areas.area_code
    where
        candidates.area_type in ('england', 'region', 'utla', 'nhs_region', 'icb', 'sub_icb')
        -- Estimates from a survey are made level by level, and don't add up.
        and coalesce(candidates.population_basis, '') <> 'survey'
),

parts as (
    select
        *,
        unnest(case when area_type = 'utla' then ['E92000001', region_code] else ['E92000001'] end) as whole_code
    from figures
    where area_type <> 'england'
),

levels as (
    select
        indicator_id,
        source_id,
        origin,
        area_type,
        whole_code,
        period_type,
        period_start,
        period_end,
        sex,
        age,
        segment,
        breakdown_type,
        breakdown,
        count(*) as n_rows,
        case
            when count({{ finite('numerator') }}) = count(*) then {{ steady_sum(finite('numerator')) }}
        end as numerator,
        case
            when count({{ finite('numerator') }}) + count(*) filter (where status = 'suppressed') = count(*)
                then {{ steady_sum(finite('numerator')) }}
        end as shown_numerator,
        string_agg(area_code, ' ' order by area_code) filter (where status = 'suppressed') as hidden_areas,
        case when count(value) = count(*) then min(value) end as lowest,
        case when count(value) = count(*) then max(value) end as highest
    from parts
    group by
        indicator_id, source_id, origin, area_type, whole_code, period_type, period_start, period_end,
        sex, age, segment, breakdown_type, breakdown
),

by_area as (
    select
        wholes.row_id,
        wholes.indicator_id,
        parts.area_type as kind,
        wholes.value_type,
        wholes.numerator,
        wholes.value,
        parts.n_rows as n_parts,
        parts.numerator as parts_numerator,
        parts.lowest,
        parts.highest,
        cast(null as double) as whole_is_part,
        case when parts.hidden_areas is not null then {{ finite('wholes.numerator') }} - parts.shown_numerator end
            as left_over,
        parts.hidden_areas
    from figures as wholes
    inner join levels as parts
        on
            wholes.area_code = parts.whole_code
            {% for column in key_columns() + ['source_id'] if column != 'area_code' -%}
                and wholes.{{ column }} = parts.{{ column }}
            {% endfor %}
    inner join live
        on
            parts.area_type = live.area_type
            and parts.whole_code = live.whole_code
            and parts.period_start = live.period_start
            and parts.period_end = live.period_end
            and parts.n_rows = live.areas
    where wholes.area_type in ('england', 'region')
),

sexes as (
    select
        indicator_id,
        any_value(value_type) as value_type,
        {% for sex in ['Persons', 'Male', 'Female'] -%}
            {% for figure in ['row_id', 'value', 'numerator', 'denominator'] -%}
                max({{ figure }}) filter (where sex = '{{ sex }}') as {{ figure }}_{{ sex | lower }},
            {% endfor -%}
        {% endfor -%}
        count(*) as n_rows
    from figures
    where sex in ('Persons', 'Male', 'Female')
    group by
        indicator_id, source_id, origin, area_code, period_type, period_start, period_end,
        age, segment, breakdown_type, breakdown
    having count(*) = 3 and count(distinct sex) = 3
),

by_sex as (
    select
        row_id_persons as row_id,
        indicator_id,
        'sex' as kind,
        value_type,
        numerator_persons as numerator,
        value_persons as value,
        2 as n_parts,
        {{ finite('numerator_male') }} + {{ finite('numerator_female') }} as parts_numerator,
        case when value_male + value_female is not null then least(value_male, value_female) end as lowest,
        case when value_male + value_female is not null then greatest(value_male, value_female) end as highest,
        -- All people aren't just the men or just the women where the others are people too.
        cast(
            (
                numerator_persons = numerator_male and denominator_persons = denominator_male
                and numerator_female > 0 and denominator_female > 0
            )
            or (
                numerator_persons = numerator_female and denominator_persons = denominator_female
                and numerator_male > 0 and denominator_male > 0
            )
            as double
        ) as whole_is_part,
        cast(null as double) as left_over,
        cast(null as varchar) as hidden_areas
    from sexes
),

wholes as (
    select * from by_area
    union all
    select * from by_sex
)

select
    wholes.row_id,
    wholes.kind,
    max(wholes.whole_is_part) as whole_is_part,
    max(wholes.left_over) as left_over,
    max(wholes.hidden_areas) as hidden_areas,
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
group by wholes.row_id, wholes.kind

{{ config(materialized='view') }}

-- Fingertips in the common shape of an observation: the indicator CSV, the API's values and
-- FingertipsNext, whose bare year is spelled out by the kind of year that the indicator has.
with spelled as (
    select
        'fingertips' as source_id,
        extract_id,
        indicator_code,
        area_code,
        cast(null as integer) as start_year,
        period_label,
        sex,
        age,
        coalesce(category_type, 'all') as breakdown_type,
        coalesce(category, 'all') as breakdown,
        value,
        lower_95,
        upper_95,
        lower_998,
        upper_998,
        numerator,
        denominator,
        value_note
    from {{ ref('stg_fingertips__values') }}
    union all by name
    select
        'fingertips_next' as source_id,
        extract_id,
        indicator_code,
        area_code,
        start_year,
        sex,
        age,
        'all' as breakdown_type,
        'all' as breakdown,
        value,
        lower_95,
        upper_95,
        numerator,
        denominator
    from {{ ref('stg_fingertips__next_values') }}
    union all by name
    select
        'fingertips' as source_id,
        extract_id,
        indicator_code,
        area_code,
        start_year,
        'all' as breakdown_type,
        'all' as breakdown,
        value
    from {{ ref('stg_fingertips__api_values') }}
)

select
    spelled.source_id,
    spelled.extract_id,
    spelled.indicator_code as source_code,
    indicators.indicator_id,
    spelled.area_code,
    case
        when spelled.start_year is null then spelled.period_label
        -- A bare year doesn't say which of the pooled years it is.
        when indicators.pooled_years > 1 then null
        when indicators.year_type = 'calendar' then cast(spelled.start_year as varchar)
        when indicators.year_type in ('financial', 'academic')
            then spelled.start_year || '/' || right(cast(spelled.start_year + 1 as varchar), 2)
    end as period_label,
    coalesce(spelled.sex, sources.sex, 'Not applicable') as sex,
    coalesce(spelled.age, sources.age, 'Not applicable') as age,
    'all' as segment,
    spelled.breakdown_type,
    spelled.breakdown,
    coalesce(sources.population_basis, indicators.population_basis) as population_basis,
    spelled.value,
    spelled.lower_95,
    spelled.upper_95,
    spelled.lower_998,
    spelled.upper_998,
    spelled.numerator,
    spelled.denominator,
    'published' as origin,
    -- A note that hides a value that is there contradicts it: the gap check holds such a row.
    case
        when notes.status <> 'published' then notes.status
        when spelled.value is null then 'not_available'
        else 'published'
    end as status,
    case
        when notes.status <> 'published' then notes.status_reason
        when spelled.value is null then 'not_available_from_publisher'
    end as status_reason,
    coalesce(notes.is_combined, false) as is_combined,
    coalesce(notes.is_recast, false) as is_recast
from spelled
left join {{ ref('int_value_notes') }} as notes using (value_note)
left join {{ ref('int_indicator_sources') }} as sources
    on
        spelled.source_id = sources.source_id
        and spelled.indicator_code = sources.source_code
left join {{ ref('int_indicators') }} as indicators
    on sources.indicator_id = indicators.indicator_id

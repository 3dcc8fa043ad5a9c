{{ config(materialized='view') }}

-- Fingertips as Trafford reshapes it, in the common shape. An indicator is known by its whole name,
-- so that the variants of one (a year, three and five years of data) stay apart. No limits are given.
select
    'fingertips_derived' as source_id,
    derived.extract_id,
    derived.indicator_name as source_code,
    indicators.indicator_id,
    -- Wards are no level of the register of areas.
    case when derived.area_type_label not like 'Electoral Wards%' then derived.area_code end as area_code,
    derived.area_code as area_given,
    derived.period_label,
    coalesce(derived.sex, sources.sex, 'Not applicable') as sex,
    coalesce(sources.age, 'Not applicable') as age,
    'all' as segment,
    -- Of which index, and within which area, the file doesn't say.
    case when derived.deprivation_quintile is null then 'all' else 'Deprivation quintile' end as breakdown_type,
    coalesce(derived.deprivation_quintile, 'all') as breakdown,
    coalesce(sources.population_basis, indicators.population_basis) as population_basis,
    derived.value,
    {{ no_limits() }},
    cast(null as double) as numerator,
    cast(null as double) as denominator,
    'published' as origin,
    {{ status_by_notes('derived.value') }}
from {{ ref('stg_fingertips__derived') }} as derived
left join {{ ref('publisher_notes') }} as notes
    on notes.source_id = 'fingertips_derived' and derived.marker = notes.marker
left join {{ ref('int_indicator_sources') }} as sources
    on sources.source_id = 'fingertips_derived' and derived.indicator_name = sources.source_code
left join {{ ref('int_indicators') }} as indicators
    on sources.indicator_id = indicators.indicator_id

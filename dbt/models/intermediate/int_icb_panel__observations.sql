{{ config(materialized='view') }}

-- The panel of integrated care boards in the common shape. Its year is the April of a financial year
-- or a calendar year, as the indicator has it; a metric whose year isn't known is not registered.
-- Boards stand under the code they have now, as the panel's earlier years were recast to them.
with boards as (
    select
        ods_code,
        area_code
    from {{ ref('areas') }}
    where area_type = 'icb' and ods_code is not null and valid_to is null
)

select
    'icb_panel' as source_id,
    panel.extract_id,
    panel.metric as source_code,
    indicators.indicator_id,
    boards.area_code,
    panel.icb_ods_code as area_given,
    case indicators.year_type
        when 'calendar' then cast(panel.start_year as varchar)
        when 'financial'
            then panel.start_year || '/' || right(cast(panel.start_year + 1 as varchar), 2)
    end as period_label,
    coalesce(sources.sex, 'Persons') as sex,
    coalesce(sources.age, 'All ages') as age,
    'all' as segment,
    'all' as breakdown_type,
    'all' as breakdown,
    coalesce(sources.population_basis, indicators.population_basis) as population_basis,
    panel.value,
    {{ no_limits() }},
    cast(null as double) as numerator,
    cast(null as double) as denominator,
    'published' as origin,
    {{ status_by_notes('panel.value') }}
from {{ ref('stg_icb_panel__values') }} as panel
left join boards on panel.icb_ods_code = boards.ods_code
left join {{ ref('publisher_notes') }} as notes
    on notes.source_id = 'icb_panel' and panel.marker = notes.marker
left join {{ ref('int_indicator_sources') }} as sources
    on sources.source_id = 'icb_panel' and panel.metric = sources.source_code
left join {{ ref('int_indicators') }} as indicators
    on sources.indicator_id = indicators.indicator_id

select
    measures.extract_id,
    extracts.period,
    nullif(trim(measures.ons_code), '-') as area_code,
    {{ plain_text('measures.geographical_description') }} as area_name,
    trim(measures.geographical_level) as area_level,
    upper(trim(measures.measure_code)) as measure_code,
    upper(trim(measures.measure_group)) as measure_group,
    trim(measures.disaggregation) as disaggregation,
    lower(trim(measures.measure_type)) as measure_type,
    measures.measure_value,
    measures.measure_value_marker as marker
from {{ source('ascof', 'ascof_measures') }} as measures
inner join {{ source('ledger', 'extracts') }} as extracts using (extract_id)

select
    measures.extract_id,
    extracts.period,
    trim(measures.procedure) as procedure,
    measures.organisation_type,
    trim(measures.organisation_code) as organisation_code,
    {{ plain_text('measures.organisation_name') }} as organisation_name,
    trim(measures.measure) as measure,
    measures.modelled_records,
    measures.health_gain,
    measures.adjusted_health_gain,
    measures.adjusted_health_gain_marker as marker,
    measures.standard_deviation
from {{ source('proms', 'proms_measures') }} as measures
inner join {{ source('ledger', 'extracts') }} as extracts using (extract_id)

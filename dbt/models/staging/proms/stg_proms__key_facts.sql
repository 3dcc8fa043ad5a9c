select
    facts.extract_id,
    extracts.period,
    trim(facts.procedure) as procedure,
    facts.organisation_type,
    trim(facts.organisation_code) as organisation_code,
    {{ plain_text('facts.organisation_name') }} as organisation_name,
    trim(facts.measure) as measure,
    facts.improved,
    facts.unchanged,
    facts.worsened,
    facts.total,
    facts.total_marker,
    -- Text such as 69.10%, or a marker.
    try_cast(rtrim(facts.improved_share, '%') as double) as improved_pct,
    case when facts.improved_share not like '%\%' escape '\' then facts.improved_share end as marker
from {{ source('proms', 'proms_key_facts') }} as facts
inner join {{ source('ledger', 'extracts') }} as extracts using (extract_id)

select
    participation.extract_id,
    extracts.period,
    trim(participation.organisation_code) as organisation_code,
    {{ plain_text('participation.organisation_name') }} as organisation_name,
    participation.procedure,
    participation.quantity,
    participation.figure,
    participation.figure_marker as marker
from {{ source('proms', 'proms_participation') }} as participation
inner join {{ source('ledger', 'extracts') }} as extracts using (extract_id)

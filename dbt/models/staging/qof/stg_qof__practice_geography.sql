select
    geography.extract_id,
    extracts.period,
    geography.practice_code,
    {{ plain_text('geography.practice_name') }} as practice_name,
    -- U is the publisher's word for practices in no network.
    nullif(geography.pcn_code, 'U') as pcn_code,
    {{ plain_text('geography.pcn_name') }} as pcn_name,
    geography.ccg_ons_code as sub_icb_code,
    {{ plain_text('geography.ccg_name') }} as sub_icb_name,
    geography.stp_ons_code as icb_code,
    {{ plain_text('geography.stp_name') }} as icb_name,
    geography.region_ons_code as nhs_region_code,
    {{ plain_text('geography.region_name') }} as nhs_region_name
from {{ source('qof', 'qof_practice_geography') }} as geography
inner join {{ source('ledger', 'extracts') }} as extracts using (extract_id)

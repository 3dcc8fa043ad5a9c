select
    extract_id,
    cast(strptime(trim(extract_date), '%d%b%Y') as date) as counted_on,
    trim(practice_code) as practice_code,
    trim(sub_icb_code) as sub_icb_code,
    trim(sub_icb_ods_code) as sub_icb_ods_code,
    postcode,
    patients as registered_patients
from {{ source('registered_patients', 'registered_patients') }}

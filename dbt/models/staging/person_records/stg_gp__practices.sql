select
    extract_id,
    trim(practice_code) as practice_code,
    nullif(trim(pcn_code), '') as pcn_code,
    nullif(trim(locality), '') as locality,
    trim(utla_code) as utla_code
from {{ source('person_records', 'gp_practices') }}

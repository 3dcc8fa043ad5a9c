select
    extract_id,
    trim(person_id) as person_id,
    trim(practice_code) as practice_code,
    nullif(trim(utla_code), '') as utla_code,
    nullif(trim(lsoa_code), '') as lsoa_code,
    cast(nullif(trim(deprivation_decile), '') as integer) as deprivation_decile,
    {{ recorded_day('start_date') }} as start_date,
    {{ recorded_day('end_date') }} as end_date
from {{ source('person_records', 'gp_registrations') }}

select
    extract_id,
    trim(person_id) as person_id,
    trim(snomed_code) as snomed_code,
    numeric_value,
    nullif(trim(comparator), '') as comparator,
    {{ recorded_day('observed_on') }} as observed_on
from {{ source('person_records', 'gp_observations') }}

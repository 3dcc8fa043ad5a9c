select
    extract_id,
    nullif(trim(person_id), '') as person_id,
    {{ coding('underlying_cause') }} as underlying_cause,
    nullif(trim(place_of_death), '') as place_of_death,
    {{ recorded_day('died_on') }} as died_on,
    {{ recorded_day('registered_on') }} as registered_on
from {{ source('person_records', 'registered_deaths') }}

select
    extract_id,
    nullif(trim(person_id), '') as person_id,
    trim(la_code) as utla_code,
    trim(event_type) as event_type,
    nullif(trim(service_type), '') as service_type,
    {{ recorded_day('start_date') }} as start_date,
    {{ recorded_day('end_date') }} as end_date
from {{ source('person_records', 'social_care_events') }}

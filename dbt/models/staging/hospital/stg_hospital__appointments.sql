select
    extract_id,
    trim(appointment_id) as appointment_id,
    nullif(trim(person_id), '') as person_id,
    {{ recorded_day('appointment_date') }} as appointment_date,
    -- 5 and 6: seen, the second late; 2, 3, 4, 7 and 0: not seen.
    trim(attended_code) in ('5', '6') as is_seen,
    nullif(trim(first_attendance_code), '') as first_attendance_code,
    nullif(trim(specialty_code), '') as specialty_code,
    nullif(trim(provider_code), '') as provider_code
from {{ source('hospital', 'hospital_appointments') }}

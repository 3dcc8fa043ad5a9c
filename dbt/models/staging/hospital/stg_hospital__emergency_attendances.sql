select
    extract_id,
    trim(attendance_id) as attendance_id,
    nullif(trim(person_id), '') as person_id,
    {{ recorded_day('arrival_date') }} as arrival_date,
    nullif(trim(department_type), '') as department_type,
    nullif(trim(discharge_destination), '') as discharge_destination,
    nullif(trim(diagnosis_01), '') as diagnosis_01
from {{ source('hospital', 'emergency_attendances') }}

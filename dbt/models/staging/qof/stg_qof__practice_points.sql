select
    extract_id,
    practice_code,
    most_points
from {{ source('qof', 'qof_practice_points') }}

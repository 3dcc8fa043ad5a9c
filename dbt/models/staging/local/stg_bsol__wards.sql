select
    extract_id,
    ward_code,
    {{ plain_text('ward_name') }} as ward_name,
    council_code,
    locality
from {{ source('local', 'bsol_wards') }}

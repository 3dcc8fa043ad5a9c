select
    extract_id,
    area_code,
    {{ plain_text('area_name') }} as area_name,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    parent_code,
    area_status
from {{ source('areas', 'area_code_history') }}

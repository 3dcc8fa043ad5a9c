select
    extract_id,
    {{ area_code('area_code') }} as area_code,
    {{ plain_text('area_name') }} as area_name,
    area_type as area_type_label,
    {{ area_code('parent_code') }} as parent_code
from {{ source('areas', 'area_hierarchy') }}

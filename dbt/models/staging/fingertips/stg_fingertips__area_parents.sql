select
    extract_id,
    {{ area_code('area_code') }} as area_code,
    {{ area_code('parent_code') }} as parent_code
from {{ source('fingertips', 'fingertips_area_parents') }}

select
    extract_id,
    cast(area_type_id as integer) as area_type_id,
    {{ area_code('area_code') }} as area_code,
    {{ plain_text('area_name') }} as area_name,
    {{ plain_text('short_name') }} as short_name
from {{ source('fingertips', 'fingertips_area_list') }}

select
    extract_id,
    indicator_code,
    cast(year as integer) as start_year,
    {{ area_code('area_code') }} as area_code,
    {{ plain_text('area_name') }} as area_name,
    value
from {{ source('fingertips', 'fingertips_api_values') }}

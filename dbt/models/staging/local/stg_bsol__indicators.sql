select
    extract_id,
    cast(indicator_number as integer) as indicator_number,
    fingertips_code,
    area_level
from {{ source('local', 'bsol_indicators') }}

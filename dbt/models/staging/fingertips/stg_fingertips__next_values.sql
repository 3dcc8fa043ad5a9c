select
    extract_id,
    indicator_code,
    cast(year as integer) as start_year,
    {{ area_code('area_code') }} as area_code,
    trim(sex) as sex,
    trim(age) as age,
    value,
    lower_95,
    upper_95,
    count as numerator,
    denominator,
    recent_trend
from {{ source('fingertips', 'fingertips_next_values') }}

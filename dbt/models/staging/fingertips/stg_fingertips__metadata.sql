select
    extract_id,
    indicator_code,
    {{ plain_text('indicator_name') }} as indicator_name,
    unit,
    unit_value,
    year_type,
    value_type,
    ci_method,
    polarity,
    cast(last_uploaded_at as timestamp) as last_uploaded_at
from {{ source('fingertips', 'fingertips_metadata') }}

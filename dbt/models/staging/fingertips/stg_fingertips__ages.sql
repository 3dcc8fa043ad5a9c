select
    extract_id,
    age_number,
    trim(age) as age,
    from_years,
    to_years
from {{ source('fingertips', 'fingertips_ages') }}

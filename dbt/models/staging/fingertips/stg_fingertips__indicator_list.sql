select
    extract_id,
    indicator_code,
    {{ plain_text('indicator_name') }} as indicator_name,
    domain_number,
    {{ plain_text('domain_name') }} as domain_name,
    profile_number,
    {{ plain_text('profile_name') }} as profile_name
from {{ source('fingertips', 'fingertips_indicator_list') }}

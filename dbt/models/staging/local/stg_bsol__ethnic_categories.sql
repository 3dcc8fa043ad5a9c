select
    extract_id,
    nhs_code,
    category,
    local_group,
    census_code,
    ons_group
from {{ source('local', 'ethnic_categories') }}

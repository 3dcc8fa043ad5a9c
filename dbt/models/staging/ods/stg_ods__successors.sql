select
    extract_id,
    old_code,
    new_code,
    cast(succession_date as date) as succeeded_on
from {{ source('ods', 'organisation_successors') }}

select
    extract_id,
    ccg_ods_code,
    ccg_name
from {{ source('reference', 'ccg_names') }}

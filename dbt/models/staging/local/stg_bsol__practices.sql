select
    extract_id,
    practice_code,
    left(practice_code, 6) as main_practice_code,
    practice_kind = 'Branch' as is_branch,
    pcn_code,
    pcn_name,
    locality_code,
    locality,
    council_code
from {{ source('local', 'bsol_practices') }}

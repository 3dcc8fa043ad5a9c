select
    extract_id,
    icd10_code,
    {{ plain_text('cause') }} as cause,
    condition_group
from {{ source('reference', 'icd10_condition_groups') }}

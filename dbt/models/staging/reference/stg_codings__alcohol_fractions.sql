select
    extract_id,
    attribution,
    {{ plain_text('condition') }} as condition,
    icd10_codes,
    sex,
    age,
    fraction
from {{ source('reference', 'alcohol_fractions') }}

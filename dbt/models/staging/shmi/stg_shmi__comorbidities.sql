select
    extract_id,
    trim(condition) as condition,
    trim(icd10_code) as icd10_code,
    cast(weight as integer) as weight
from {{ source('shmi', 'shmi_comorbidities') }}

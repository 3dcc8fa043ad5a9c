select
    extract_id,
    trim(icd10_code) as icd10_code,
    trim(ccs_category) as ccs_category,
    try_cast(diagnosis_group as integer) as diagnosis_group
from {{ source('shmi', 'shmi_diagnoses') }}

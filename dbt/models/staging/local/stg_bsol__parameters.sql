select
    extract_id,
    cast(indicator_number as integer) as indicator_number,
    reference,
    try_cast(age_from as integer) as age_from_years,
    try_cast(age_to as integer) as age_to_years,
    age_category,
    sex_category,
    is_standardised = 'Y' as is_standardised,
    has_given_denominator = 'Y' as has_given_denominator
from {{ source('local', 'bsol_parameters') }}

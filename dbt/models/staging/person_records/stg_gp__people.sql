select
    extract_id,
    trim(person_id) as person_id,
    -- Only the month is told: everybody counts as born on its first day.
    cast(trim(birth_month) || '-01' as date) as birth_date,
    case trim(sex_code) when '1' then 'Male' when '2' then 'Female' end as sex,
    nullif(trim(ethnic_category), '') as ethnic_category
from {{ source('person_records', 'gp_people') }}

select
    populations.extract_id,
    try_cast(extracts.period as integer) as mid_year,
    populations.area_code,
    {{ plain_text('populations.area_name') }} as area_name,
    populations.area_kind,
    case populations.sex when 'Males' then 'Male' when 'Females' then 'Female' else populations.sex end as sex,
    cast(populations.age as integer) as age,
    populations.persons
from {{ source('ons', 'populations') }} as populations
inner join {{ source('ledger', 'extracts') }} as extracts using (extract_id)

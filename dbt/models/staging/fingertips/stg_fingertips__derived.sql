select
    extract_id,
    {{ plain_text('indicator_name') }} as indicator_name,
    area_code,
    area_type as area_type_label,
    trim(period) as period_label,
    measure,
    -- The sex stands under `inequality` where the unit is years, and under `unit` elsewhere.
    case
        when inequality in ('Male', 'Female') then inequality
        when unit in ('Persons', 'Male', 'Female') then unit
    end as sex,
    case when inequality like '%quintile' then inequality end as deprivation_quintile,
    value,
    value_marker as marker,
    compared_to_england
from {{ source('fingertips', 'fingertips_derived') }}

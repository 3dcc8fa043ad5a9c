select
    populations.extract_id,
    try_cast(extracts.period as integer) as mid_year,
    populations.lsoa11_code,
    {{ plain_text('populations.lsoa11_name') }} as lsoa11_name,
    {% for age in range(91) -%}
        populations.age_{{ age }},
    {% endfor -%}
    populations.all_ages
from {{ source('ons', 'small_area_populations') }} as populations
inner join {{ source('ledger', 'extracts') }} as extracts using (extract_id)

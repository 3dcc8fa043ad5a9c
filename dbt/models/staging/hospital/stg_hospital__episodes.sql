{% set codes = [('diagnosis', 20), ('procedure', 24)] -%}
select
    extract_id,
    trim(year) as financial_year,
    trim(episode_id) as episode_id,
    nullif(trim(person_id), '') as person_id,
    nullif(trim(spell_id), '') as spell_id,
    nullif(trim(admission_method), '') as admission_method,
    nullif(trim(admission_source), '') as admission_source,
    nullif(trim(patient_class), '') as patient_class,
    nullif(trim(discharge_destination), '') as discharge_destination,
    nullif(trim(discharge_method), '') as discharge_method,
    nullif(trim(episode_status), '') as episode_status,
    nullif(trim(episode_type), '') as episode_type,
    nullif(trim(provider_code), '') as provider_code,
    nullif(trim(specialty_code), '') as specialty_code,
    nullif(trim(sex_code), '') as sex_code,
    nullif(trim(ethnic_category), '') as ethnic_category,
    nullif(trim(lsoa_code), '') as lsoa_code,
    {% for name, count in codes -%}
        {% for nth in range(1, count + 1) -%}
            {%- set column = '%s_%02d' % (name, nth) -%}
            {{ coding(column) }} as {{ column }},
        {% endfor -%}
    {% endfor -%}
    cast(episode_order as integer) as episode_order,
    -- 7001 to 7007 are ages of babies, in parts of a year.
    case
        when age_at_start between 0 and 120 then cast(age_at_start as integer)
        when age_at_start between 7001 and 7007 then 0
    end as age_at_start,
    {{ recorded_day('admitted_on') }} as admitted_on,
    {{ recorded_day('discharged_on') }} as discharged_on,
    {{ recorded_day('episode_start') }} as episode_start,
    {{ recorded_day('episode_end') }} as episode_end
from {{ source('hospital', 'hospital_episodes') }}

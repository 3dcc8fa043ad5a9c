-- Emergency admissions at 35 and over whose first diagnosis is chronic obstructive pulmonary disease (J40
-- to J44).
with events as (
    select
        person_id,
        admitted_on as happened_on,
        age
    from {{ ref('int_linked__admission_lists') }}
    where
        is_emergency
        and is_first_diagnosis
        and code_list = 'copd'
),

{{ events_in_population('events', first=35) }}

-- Emergency admissions whose first diagnosis is one of 19 conditions that care outside hospital should keep
-- from it.
with events as (
    select
        person_id,
        admitted_on as happened_on,
        age
    from {{ ref('int_linked__admission_lists') }}
    where
        is_emergency
        and is_first_diagnosis
        and code_list = 'acs_19'
),

{{ events_in_population('events') }}

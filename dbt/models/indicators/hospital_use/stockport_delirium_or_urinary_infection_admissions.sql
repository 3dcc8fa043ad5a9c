-- Emergency admissions whose first diagnosis is delirium (F05) or an infection of the urinary tract (N39.0).
with events as (
    select
        person_id,
        admitted_on as happened_on,
        age
    from {{ ref('int_linked__admission_lists') }}
    where
        is_emergency
        and is_first_diagnosis
        and code_list = 'delirium_urinary'
),

{{ events_in_population('events') }}

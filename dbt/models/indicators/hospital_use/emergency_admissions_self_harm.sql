-- Emergency admissions of ordinary patients with self-harm (X60 to X84) as an external cause in any
-- position: regular attenders and day patients are out.
with events as (
    select
        person_id,
        admitted_on as happened_on,
        age
    from {{ ref('int_linked__admission_lists') }}
    where
        is_emergency
        and patient_class in ('1', '5')
        and code_list = 'self_harm'
),

{{ events_in_population('events') }}

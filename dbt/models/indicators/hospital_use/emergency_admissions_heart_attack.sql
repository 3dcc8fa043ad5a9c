-- Emergency admissions whose first diagnosis is a heart attack (I21, I22), of ordinary and day patients.
with events as (
    select
        person_id,
        admitted_on as happened_on,
        age
    from {{ ref('int_linked__admission_lists') }}
    where
        is_emergency
        and is_first_diagnosis
        and code_list = 'heart_attack'
        and patient_class in ('1', '2')
),

{{ events_in_population('events') }}

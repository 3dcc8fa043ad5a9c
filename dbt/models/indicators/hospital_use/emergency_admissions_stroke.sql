-- Emergency admissions whose first diagnosis is a stroke (I61 to I64), of ordinary and day patients.
with events as (
    select
        person_id,
        admitted_on as happened_on,
        age
    from {{ ref('int_linked__admission_lists') }}
    where
        is_emergency
        and is_first_diagnosis
        and code_list = 'stroke'
        and patient_class in ('1', '2')
),

{{ events_in_population('events') }}

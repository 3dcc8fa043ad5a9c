-- Emergency admissions whose first diagnosis is coronary heart disease (I20 to I25), of ordinary and day
-- patients.
with events as (
    select
        person_id,
        admitted_on as happened_on,
        age
    from {{ ref('int_linked__admission_lists') }}
    where
        is_emergency
        and is_first_diagnosis
        and code_list = 'coronary_heart_disease'
        and patient_class in ('1', '2')
),

{{ events_in_population('events') }}

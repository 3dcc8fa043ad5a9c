-- Emergency admissions at 0 to 18 whose first diagnosis is diabetes of type 1 (E10).
with events as (
    select
        person_id,
        admitted_on as happened_on,
        age
    from {{ ref('int_linked__admission_lists') }}
    where
        is_emergency
        and is_first_diagnosis
        and code_list = 'diabetes_type_1'
),

{{ events_in_population('events', last=18) }}

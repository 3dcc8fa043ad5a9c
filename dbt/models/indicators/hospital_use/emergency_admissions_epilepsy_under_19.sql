-- Emergency admissions at 0 to 18 whose first diagnosis is epilepsy (G40, G41).
with events as (
    select
        person_id,
        admitted_on as happened_on,
        age
    from {{ ref('int_linked__admission_lists') }}
    where
        is_emergency
        and is_first_diagnosis
        and code_list = 'epilepsy'
),

{{ events_in_population('events', last=18) }}

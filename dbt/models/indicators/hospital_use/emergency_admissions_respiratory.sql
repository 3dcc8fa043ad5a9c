-- Emergency admissions whose first diagnosis is of the respiratory system (J00 to J99). Any position would
-- count people who came for something else.
with events as (
    select
        person_id,
        admitted_on as happened_on,
        age
    from {{ ref('int_linked__admission_lists') }}
    where
        is_emergency
        and is_first_diagnosis
        and code_list = 'respiratory'
),

{{ events_in_population('events') }}

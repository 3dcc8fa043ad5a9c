-- Emergency admissions at 65 and over whose first diagnosis is a fracture of the hip (S72.0 to S72.2), by
-- the year in which the episode ended. In any other position it is why somebody stayed, not why they came.
with events as (
    select
        person_id,
        episode_end as happened_on,
        age
    from {{ ref('int_linked__admission_lists') }}
    where
        is_emergency
        and is_first_diagnosis
        and code_list = 'hip_fracture'
        and is_finished
),

{{ events_in_population('events', first=65, banded=true) }}

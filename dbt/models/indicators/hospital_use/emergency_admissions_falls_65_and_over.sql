-- Emergency admissions at 65 and over whose first diagnosis is an injury (S00 to T98) and in which a fall
-- (W00 to W19) is a cause, however often it is coded.
with injuries as (
    select
        episode_key,
        person_id,
        admitted_on,
        age
    from {{ ref('int_linked__admission_lists') }}
    where is_emergency and is_first_diagnosis and code_list = 'falls_injury'
),

events as (
    select
        injuries.person_id,
        injuries.admitted_on as happened_on,
        injuries.age
    from injuries
    inner join {{ ref('int_linked__admission_lists') }} as causes
        on injuries.episode_key = causes.episode_key and causes.code_list = 'falls_cause'
),

{{ events_in_population('events', first=65, banded=true) }}

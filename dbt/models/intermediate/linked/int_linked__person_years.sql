-- The population of each period: everybody registered on its first day, with the segment, place and age of
-- that day, held for the period. Who comes later, or is born, counts from the next one on.
select
    periods.period_type,
    periods.period_start,
    periods.period_end,
    registered.person_id,
    registered.utla_code,
    registered.pcn_code,
    registered.practice_code,
    registered.locality,
    registered.sex,
    registered.age,
    registered.ethnic_group,
    registered.deprivation_quintile,
    segments.segment,
    registered.died_on,
    presence.followed_to,
    presence.days,
    presence.is_present_at_end
from {{ ref('int_linked__registered') }} as registered
inner join {{ ref('int_linked__periods') }} as periods on registered.as_at = periods.period_start
inner join {{ ref('int_linked__segments') }} as segments
    on registered.as_at = segments.as_at and registered.person_id = segments.person_id
inner join {{ ref('int_linked__presence') }} as presence
    on periods.period_start = presence.period_start and registered.person_id = presence.person_id

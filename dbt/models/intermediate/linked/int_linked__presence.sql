-- For how many days of each period somebody who was there on its first day is followed: until they die, leave
-- or the period ends. Registrations that overlap, or follow each other, are one stretch of days.
with days as (
    select
        registrations.person_id,
        registrations.start_date as from_day,
        least(
            coalesce(registrations.end_date, date '9999-12-30'), coalesce(people.died_on, date '9999-12-30')
        ) as to_day
    from {{ ref('int_linked__registrations') }} as registrations
    inner join {{ ref('int_linked__people') }} as people on registrations.person_id = people.person_id
    where people.died_on is null or people.died_on >= registrations.start_date
),

stretches as (
    {{ joined_days('days') }}
)

select
    periods.period_start,
    stretches.person_id,
    least(stretches.to_day, periods.period_end) as followed_to,
    cast(least(stretches.to_day, periods.period_end) - periods.period_start as integer) + 1 as days,
    stretches.to_day >= periods.period_end as is_present_at_end
from stretches
inner join {{ ref('int_linked__periods') }} as periods
    on stretches.from_day <= periods.period_start and stretches.to_day >= periods.period_start

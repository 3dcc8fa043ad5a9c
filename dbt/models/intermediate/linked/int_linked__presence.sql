-- On how many days of each period somebody was registered and alive: days of registrations that overlap
-- count once.
with clipped as (
    select
        periods.period_start,
        periods.period_end,
        registrations.person_id,
        greatest(registrations.start_date, periods.period_start) as from_day,
        least(
            coalesce(registrations.end_date, periods.period_end), periods.period_end,
            coalesce(people.died_on, periods.period_end)
        ) as to_day
    from {{ ref('int_linked__registrations') }} as registrations
    inner join {{ ref('int_linked__people') }} as people on registrations.person_id = people.person_id
    inner join {{ ref('int_linked__periods') }} as periods
        on
            registrations.start_date <= periods.period_end
            and (registrations.end_date is null or registrations.end_date >= periods.period_start)
),

unseen as (
    select
        period_start,
        period_end,
        person_id,
        to_day,
        greatest(
            from_day,
            coalesce(
                max(to_day + 1) over (
                    partition by period_start, person_id order by from_day, to_day
                    rows between unbounded preceding and 1 preceding
                ),
                from_day
            )
        ) as from_day
    from clipped
    where to_day >= from_day
)

select
    period_start,
    person_id,
    sum(case when to_day >= from_day then cast(to_day - from_day as integer) + 1 else 0 end) as days,
    max(case when to_day = period_end then 1 else 0 end) = 1 as is_present_at_end
from unseen
group by
    period_start,
    person_id

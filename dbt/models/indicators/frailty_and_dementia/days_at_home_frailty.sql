-- Days that people of the segment Dementia and/or Frailty spent alive and neither in hospital nor in a care
-- home, out of all days on which they are followed in the year: until they die, leave or the year ends.
with away as (
    select
        people.period_start,
        people.person_id,
        sum({{ days_shared('people.period_start', 'people.followed_to', 'away.from_day', 'away.to_day') }}) as days
    from {{ ref('int_linked__person_years') }} as people
    inner join {{ ref('int_linked__days_away') }} as away
        on
            people.person_id = away.person_id
            and away.from_day <= people.followed_to
            and away.to_day >= people.period_start
    where people.segment = 'dementia_frailty'
    group by
        people.period_start,
        people.person_id
),

rows_of_people as (
    select
        people.period_start,
        people.person_id,
        people.age,
        people.days - coalesce(away.days, 0) as numerator,
        people.days as denominator
    from {{ ref('int_linked__person_years') }} as people
    left join away on people.person_id = away.person_id and people.period_start = away.period_start
    where people.segment = 'dementia_frailty'
),

{{ shares_of_people('rows_of_people') }}

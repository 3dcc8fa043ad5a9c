-- Days in hospital among the last 90 of life, the day of death included, of each person who died in the year.
with hospital_days as (
    select
        people.period_start,
        people.person_id,
        sum({{ days_shared('people.died_on - 89', 'people.died_on', 'days.from_day', 'days.to_day') }}) as days
    from {{ ref('int_linked__person_years') }} as people
    inner join {{ ref('int_linked__hospital_days') }} as days
        on
            people.person_id = days.person_id
            and days.from_day <= people.died_on
            and days.to_day >= people.died_on - 89
    where people.died_on between people.period_start and people.period_end
    group by
        people.period_start,
        people.person_id
),

rows_of_people as (
    select
        people.period_start,
        people.person_id,
        people.age,
        coalesce(hospital_days.days, 0) as value
    from {{ ref('int_linked__person_years') }} as people
    left join hospital_days
        on people.person_id = hospital_days.person_id and people.period_start = hospital_days.period_start
    where people.died_on between people.period_start and people.period_end
),

{{ values_of_people('rows_of_people') }}

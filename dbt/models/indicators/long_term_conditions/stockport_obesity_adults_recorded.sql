-- Adults whose latest body mass index of the year is 30 or more, out of those of 18 and over who have one.
with in_year as (
    select
        people.period_start,
        people.person_id,
        people.age,
        events.numeric_value,
        row_number() over (
            partition by people.period_start, people.person_id
            order by events.observed_on desc, events.numeric_value desc
        ) as nth
    from {{ ref('int_linked__person_years') }} as people
    inner join {{ ref('int_linked__events') }} as events
        on
            people.person_id = events.person_id
            and events.code_list = 'bmi'
            -- Nobody's is below 10 or above 150: a weight, or a height, in its place.
            and events.numeric_value between 10 and 150
            and events.observed_on between people.period_start and people.period_end
),

rows_of_people as (
    select
        period_start,
        person_id,
        age,
        case when numeric_value >= 30 then 1 else 0 end as numerator,
        1 as denominator
    from in_year
    where nth = 1
),

{{ shares_of_people('rows_of_people', first=18) }}

-- People of 65 and over for whom the council began to pay for a place in a care home in the year, out of all
-- of that age. One who had such a place before, and changed homes, isn't new.
with starts as (
    select
        person_id,
        min(from_day) as first_on
    from {{ ref('int_linked__care_home_days') }}
    group by person_id
),

rows_of_people as (
    select
        people.period_start,
        people.person_id,
        people.age,
        case when starts.first_on between people.period_start and people.period_end then 1 else 0 end as numerator,
        1 as denominator
    from {{ ref('int_linked__person_years') }} as people
    left join starts on people.person_id = starts.person_id
),

{{ shares_of_people('rows_of_people', first=65) }}

-- People who smoke by their latest record up to the last day of the year, out of those of 15 and over who have
-- one and are still registered.
with statuses as (
    select
        people.period_start,
        people.person_id,
        people.age,
        events.code_list,
        row_number() over (
            partition by people.period_start, people.person_id
            order by events.observed_on desc, events.code_list desc
        ) as nth
    from {{ ref('int_linked__person_years') }} as people
    inner join {{ ref('int_linked__events') }} as events
        on
            people.person_id = events.person_id
            and events.code_list in ('smoker', 'former_smoker', 'never_smoked')
            and events.observed_on <= people.period_end
    where people.is_present_at_end
),

rows_of_people as (
    select
        period_start,
        person_id,
        age,
        -- Of two records of one day the one that says they smoke stands.
        case when code_list = 'smoker' then 1 else 0 end as numerator,
        1 as denominator
    from statuses
    where nth = 1
),

{{ shares_of_people('rows_of_people', first=15) }}

-- People who smoke by their latest record up to the last day of the year, out of those of 15 and over who have
-- one and are still registered.
with latest as (
    select
        people.period_start,
        people.person_id,
        people.age,
        -- A day and what was recorded on it in one text, of which the latest is the greatest. Of two records of
        -- one day the one that says they smoke stands.
        max(concat(cast(events.observed_on as varchar), events.code_list)) as record
    from {{ ref('int_linked__person_years') }} as people
    inner join {{ ref('int_linked__events') }} as events
        on
            people.person_id = events.person_id
            and events.code_list in ('smoker', 'former_smoker', 'never_smoked')
            and events.observed_on <= people.period_end
    where people.is_present_at_end
    group by
        people.period_start,
        people.person_id,
        people.age
),

rows_of_people as (
    select
        period_start,
        person_id,
        age,
        case when substring(record, 11) = 'smoker' then 1 else 0 end as numerator,
        1 as denominator
    from latest
),

{{ shares_of_people('rows_of_people', first=15) }}

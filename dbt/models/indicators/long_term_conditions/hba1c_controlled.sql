-- People whose latest HbA1c of the year is at target, out of all of 17 and over on the diabetes register on
-- its first day who are still registered on its last: 58 mmol per mol or less, 75 with moderate or severe
-- frailty. No result of the year is not at target; a result below a bound is known to be below it.
with register as (
    select
        people.period_start,
        people.period_end,
        people.person_id,
        people.age,
        max(case when frail.register is not null then 1 else 0 end) as is_frail
    from {{ ref('int_linked__person_years') }} as people
    inner join {{ ref('int_linked__registers') }} as registers
        on
            people.period_start = registers.as_at
            and people.person_id = registers.person_id
            and registers.register = 'diabetes'
    left join {{ ref('int_linked__registers') }} as frail
        on
            people.period_start = frail.as_at
            and people.person_id = frail.person_id
            and frail.register in ('moderate_frailty', 'severe_frailty')
    where people.is_present_at_end
    group by
        people.period_start,
        people.period_end,
        people.person_id,
        people.age
),

in_year as (
    select
        register.period_start,
        register.person_id,
        register.age,
        register.is_frail,
        events.numeric_value,
        events.comparator,
        row_number() over (
            partition by register.period_start, register.person_id
            order by events.observed_on desc nulls last, events.numeric_value asc
        ) as nth
    from register
    left join {{ ref('int_linked__events') }} as events
        on
            register.person_id = events.person_id
            and events.code_list = 'hba1c'
            and events.numeric_value > 0
            and events.observed_on between register.period_start and register.period_end
),

rows_of_people as (
    select
        period_start,
        person_id,
        age,
        case
            when coalesce(comparator, '=') like '>%' then 0
            when numeric_value <= case when is_frail = 1 then 75 else 58 end then 1
            else 0
        end as numerator,
        1 as denominator
    from in_year
    where nth = 1
),

{{ shares_of_people('rows_of_people', first=17) }}

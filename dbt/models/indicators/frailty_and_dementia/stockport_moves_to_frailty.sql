-- People who are in the segment Dementia and/or Frailty on the first day of the next year, out of those who
-- were in Long-Term Conditions on the first day of this one and are still registered.
with rows_of_people as (
    select
        people.period_start,
        people.person_id,
        people.age,
        case when later.segment = 'dementia_frailty' then 1 else 0 end as numerator,
        1 as denominator
    from {{ ref('int_linked__person_years') }} as people
    inner join {{ ref('int_linked__segments') }} as later
        on people.person_id = later.person_id and people.period_end + 1 = later.as_at
    where people.segment = 'long_term_conditions'
),

{{ shares_of_people('rows_of_people') }}

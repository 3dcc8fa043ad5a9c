-- People with their first code ever of any long-term condition in the year, out of those who had none before
-- its first day and are still registered on its last.
with first_codes as (
    select
        events.person_id,
        min(events.observed_on) as first_on
    from {{ ref('int_linked__events') }} as events
    inner join {{ ref('disease_registers') }} as registers
        on events.code_list = registers.diagnosis_list and registers.is_long_term = 'true'
    group by events.person_id
),

rows_of_people as (
    select
        people.period_start,
        people.person_id,
        people.age,
        case when first_codes.first_on <= people.period_end then 1 else 0 end as numerator,
        1 as denominator
    from {{ ref('int_linked__person_years') }} as people
    left join first_codes on people.person_id = first_codes.person_id
    where people.is_present_at_end and (first_codes.first_on is null or first_codes.first_on >= people.period_start)
),

{{ shares_of_people('rows_of_people') }}

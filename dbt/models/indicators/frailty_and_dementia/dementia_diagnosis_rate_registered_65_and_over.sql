-- People of 65 and over on the dementia register on the first day of the year, out of those who would have
-- dementia if it were as common at each age and sex as in the second Cognitive Function and Ageing Study.
with rows_of_people as (
    select
        people.period_start,
        people.person_id,
        people.age,
        case when registers.register is not null then 1 else 0 end as numerator,
        -- Whole thousandths: sums of them don't depend on their order.
        cast(cast(rates.rate as double) * 1000 as integer) as expected
    from {{ ref('int_linked__person_years') }} as people
    inner join {{ ref('dementia_rates') }} as rates
        on
            people.sex = rates.sex
            and people.age >= cast(rates.age_from as integer)
            and (rates.age_to is null or people.age <= cast(rates.age_to as integer))
    left join {{ ref('int_linked__registers') }} as registers
        on
            people.period_start = registers.as_at
            and people.person_id = registers.person_id
            and registers.register = 'dementia'
),

in_thousandths as (
    select
        period_start,
        person_id,
        age,
        numerator,
        expected as denominator
    from rows_of_people
),

{{ shares_of_people('in_thousandths', first=65, per=1000) }}

-- Amputations of a lower limb (X09 to X11) in the year, out of people on the diabetes register on its first
-- day.
with diabetes as (
    select
        people.period_start,
        people.period_end,
        people.person_id,
        people.age
    from {{ ref('int_linked__person_years') }} as people
    inner join {{ ref('int_linked__registers') }} as registers
        on
            people.period_start = registers.as_at
            and people.person_id = registers.person_id
            and registers.register = 'diabetes'
),

amputations as (
    select
        person_id,
        admitted_on
    from {{ ref('int_linked__admission_lists') }}
    where code_list = 'amputation'
),

rows_of_people as (
    select
        diabetes.period_start,
        diabetes.person_id,
        diabetes.age,
        count(amputations.person_id) as numerator,
        1 as denominator
    from diabetes
    left join amputations
        on
            diabetes.person_id = amputations.person_id
            and amputations.admitted_on between diabetes.period_start and diabetes.period_end
    group by
        diabetes.period_start,
        diabetes.person_id,
        diabetes.age
),

{{ shares_of_people('rows_of_people') }}

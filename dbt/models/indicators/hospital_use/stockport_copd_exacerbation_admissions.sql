-- Emergency admissions for chronic obstructive pulmonary disease (J40 to J44 as first diagnosis) in the year,
-- out of people of 35 and over on its register on the first day.
with on_register as (
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
            and registers.register = 'copd'
),

admissions as (
    select
        person_id,
        admitted_on
    from {{ ref('int_linked__admission_lists') }}
    where is_emergency and is_first_diagnosis and code_list = 'copd'
),

rows_of_people as (
    select
        on_register.period_start,
        on_register.person_id,
        on_register.age,
        count(admissions.person_id) as numerator,
        1 as denominator
    from on_register
    left join admissions
        on
            on_register.person_id = admissions.person_id
            and admissions.admitted_on between on_register.period_start and on_register.period_end
    group by
        on_register.period_start,
        on_register.person_id,
        on_register.age
),

{{ shares_of_people('rows_of_people', first=35) }}

-- People who died in the year with three emergency stays or more that began in the 90 days up to and
-- with that of their death, out of all who died in it. Stays are spells after transfers are joined.
with emergencies as (
    select code_from
    from {{ ref('int_code_list_codes') }}
    where code_list = 'emergency_admission'
),

stays as (
    select
        stays.person_id,
        stays.admitted_on
    from {{ ref('int_linked__stays') }} as stays
    inner join emergencies on stays.admission_method = emergencies.code_from
),

died as (
    select
        people.period_start,
        people.person_id,
        people.age,
        count(stays.admitted_on) as emergencies
    from {{ ref('int_linked__person_years') }} as people
    left join stays
        on
            people.person_id = stays.person_id
            and stays.admitted_on <= people.died_on
            and stays.admitted_on >= people.died_on - 89
    where people.died_on between people.period_start and people.period_end
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
        case when emergencies >= 3 then 1 else 0 end as numerator,
        1 as denominator
    from died
),

{{ shares_of_people('rows_of_people') }}

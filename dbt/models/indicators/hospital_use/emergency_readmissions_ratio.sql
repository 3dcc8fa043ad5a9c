-- Stays that an emergency followed within 0 to 29 days, out of as many as there would be if each were
-- followed as often as such stays are in the whole extract: by sex, age and whether it began as an emergency.
with indexes as (
    select
        people.period_start,
        people.person_id,
        people.age,
        people.sex,
        case
            when stays.age_on_admission < 16 then 1
            when stays.age_on_admission < 75 then 2
            else 3
        end as age_part,
        stays.is_emergency,
        stays.is_readmitted
    from {{ ref('int_linked__readmissions') }} as stays
    inner join {{ ref('int_linked__person_years') }} as people
        on
            stays.person_id = people.person_id
            and stays.discharged_on between people.period_start and people.period_end
),

reference as (
    select
        period_start,
        sex,
        age_part,
        is_emergency,
        -- In whole millionths: sums of them don't depend on their order.
        cast(round(1e6 * sum(is_readmitted) / count(*)) as bigint) as expected
    from indexes
    group by
        period_start,
        sex,
        age_part,
        is_emergency
),

rows_of_people as (
    select
        indexes.period_start,
        indexes.person_id,
        indexes.age,
        indexes.is_readmitted as numerator,
        reference.expected as denominator
    from indexes
    inner join reference
        on
            indexes.period_start = reference.period_start
            and indexes.sex = reference.sex
            and indexes.age_part = reference.age_part
            and indexes.is_emergency = reference.is_emergency
),

{{ shares_of_people('rows_of_people', per=1000000) }}

-- Who was registered and alive on each of the days, with the practice of that day: where two registrations
-- are open at once the later began last.
with several as (
    select person_id
    from {{ ref('int_linked__registrations') }}
    group by person_id
    having count(*) > 1
),

-- Most people have one registration: only the others' are set in order.
numbered as (
    select
        days.as_at,
        registrations.person_id,
        registrations.practice_code,
        registrations.deprivation_decile,
        row_number() over (
            partition by days.as_at, registrations.person_id
            order by
                registrations.start_date desc, registrations.practice_code asc,
                registrations.end_date desc nulls first
        ) as nth
    from {{ ref('int_linked__registrations') }} as registrations
    inner join several on registrations.person_id = several.person_id
    inner join {{ ref('int_linked__days') }} as days
        on
            registrations.start_date <= days.as_at
            and (registrations.end_date is null or registrations.end_date >= days.as_at)
),

open_registrations as (
    select
        days.as_at,
        registrations.person_id,
        registrations.practice_code,
        registrations.deprivation_decile
    from {{ ref('int_linked__registrations') }} as registrations
    inner join {{ ref('int_linked__days') }} as days
        on
            registrations.start_date <= days.as_at
            and (registrations.end_date is null or registrations.end_date >= days.as_at)
    left join several on registrations.person_id = several.person_id
    where several.person_id is null
    union all
    select
        as_at,
        person_id,
        practice_code,
        deprivation_decile
    from numbered
    where nth = 1
)

select
    open_registrations.as_at,
    open_registrations.person_id,
    open_registrations.practice_code,
    practices.pcn_code,
    practices.locality,
    practices.utla_code,
    people.sex,
    people.ethnic_group,
    people.birth_date,
    {{ completed_years('people.birth_date', 'open_registrations.as_at') }} as age,
    -- Deciles are told of whole small areas; two of them are a quintile, 1 the most deprived;
    -- 0 where none is told.
    coalesce(cast(floor((open_registrations.deprivation_decile + 1) / 2) as integer), 0) as deprivation_quintile,
    people.died_on
from open_registrations
inner join {{ ref('int_linked__people') }} as people on open_registrations.person_id = people.person_id
inner join {{ ref('int_linked__practices') }} as practices
    on open_registrations.practice_code = practices.practice_code
where
    people.birth_date <= open_registrations.as_at
    and (people.died_on is null or people.died_on >= open_registrations.as_at)

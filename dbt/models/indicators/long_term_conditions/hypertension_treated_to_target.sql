-- People whose latest blood pressure of the year is at target, out of all on the hypertension register on its
-- first day who are still registered on its last. No reading of the year is not at target.
with register as (
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
            and registers.register = 'hypertension'
    where people.is_present_at_end
),

-- Below 50 and 20 nobody lives; of several readings of a day the lowest of each counts; one limb alone is
-- none.
readings as (
    select
        systolic.person_id,
        systolic.observed_on,
        systolic.pressure as systolic,
        diastolic.pressure as diastolic
    from (
        select
            person_id,
            observed_on,
            min(numeric_value) as pressure
        from {{ ref('int_linked__events') }}
        where code_list = 'systolic' and numeric_value >= 50
        group by
            person_id,
            observed_on
    ) as systolic
    inner join (
        select
            person_id,
            observed_on,
            min(numeric_value) as pressure
        from {{ ref('int_linked__events') }}
        where code_list = 'diastolic' and numeric_value >= 20
        group by
            person_id,
            observed_on
    ) as diastolic
        on systolic.person_id = diastolic.person_id and systolic.observed_on = diastolic.observed_on
),

in_year as (
    select
        register.period_start,
        register.period_end,
        register.person_id,
        register.age,
        readings.systolic,
        readings.diastolic,
        row_number() over (
            partition by register.period_start, register.person_id order by readings.observed_on desc nulls last
        ) as nth
    from register
    left join readings
        on
            register.person_id = readings.person_id
            and readings.observed_on between register.period_start and register.period_end
),

rows_of_people as (
    select
        period_start,
        person_id,
        age,
        case
            -- Somebody of exactly 80 is among the old.
            when age >= 80 and systolic <= 150 and diastolic <= 90 then 1
            when age < 80 and systolic <= 140 and diastolic <= 90 then 1
            else 0
        end as numerator,
        1 as denominator
    from in_year
    where nth = 1
),

{{ shares_of_people('rows_of_people') }}

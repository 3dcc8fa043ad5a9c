-- Since when who has which condition: at an age that comes the sooner the commoner it is and the harder
-- life is. It is coded within two months; some are coded as resolved later, a few of those once more.
create table diagnoses as
with ages as (
    select
        people.id,
        people.person_id,
        people.birth_date,
        people.death_date,
        conditions.condition,
        conditions.code,
        conditions.resolved_code,
        conditions.diagnosis,
        conditions.admissions_a_year,
        conditions.resolves,
        conditions.reference_age * pow(
            draw(people.id, 0, conditions.condition)
            / (conditions.share * exp(conditions.gradient * people.hardship)),
            1 / conditions.power
        ) as age
    from people
    cross join conditions
)

select
    id,
    person_id,
    condition,
    code,
    resolved_code,
    diagnosis,
    admissions_a_year,
    draw(id, 1, condition) < resolves as is_resolved,
    birth_date + cast(floor(age * 365.25) as integer) as since,
    birth_date + cast(floor(age * 365.25) as integer) + cast(draw(id, 2, condition) * 60 as integer) as coded_on
from ages
where
    age < 105
    and birth_date + cast(floor(age * 365.25) as integer) <= least(death_date, getvariable('last_day'));

-- Many who die were known to be dying.
create table palliative as
select
    id,
    person_id,
    cast(death_date - 20 - cast(draw(id, 1, 'palliative') * 380 as integer) as date) as coded_on
from people
where death_date is not null and draw(id, 0, 'palliative') < 0.45;

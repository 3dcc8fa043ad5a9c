-- What practices coded: diagnoses, measurements, smoking, and all the rest that no measure asks for.
create table months as
select
    range as nth,
    cast(getvariable('first_day') + to_months(cast(range as integer)) as date) as month_start
from range(getvariable('years') * 12);

create table readings_wanted as
select
    people.id,
    people.person_id,
    people.birth_date,
    people.death_date,
    max(case when diagnoses.condition = 'hypertension' then 1 else 0 end) as has_hypertension,
    max(case when diagnoses.condition in ('diabetes', 'diabetes_type_1') then 1 else 0 end) as has_diabetes
from people
left join diagnoses
    on people.id = diagnoses.id and diagnoses.condition in ('hypertension', 'diabetes', 'diabetes_type_1')
group by all;

create table readings as
select
    people.*,
    months.nth,
    cast(months.month_start + cast(draw(people.id, months.nth, 'reading') * 27 as integer) as date) as read_on
from readings_wanted as people
cross join months
where
    draw(people.id, months.nth, 'read at all')
    < case when people.has_hypertension = 1 then 0.16 else 0.045 end
    and months.month_start >= people.birth_date + 6570
    and (people.death_date is null or people.death_date > months.month_start + 27);

create table glucose as
select
    people.*,
    months.nth,
    cast(months.month_start + cast(draw(people.id, months.nth, 'glucose') * 27 as integer) as date) as read_on
from readings_wanted as people
cross join months
where
    people.has_diabetes = 1
    and draw(people.id, months.nth, 'glucose read') < 0.15
    and months.month_start >= people.birth_date + 3650
    and (people.death_date is null or people.death_date > months.month_start + 27);

-- An average of four draws, near enough to a normal one: from -1 to 1, a third of them within 0.1.
create or replace macro about(id, nth, what) as
(draw(id, nth * 4, what) + draw(id, nth * 4 + 1, what) + draw(id, nth * 4 + 2, what) + draw(id, nth * 4 + 3, what)) / 2 - 1;

create table observations as
select
    person_id,
    coded_on as date,
    code,
    cast(null as double) as value,
    cast(null as varchar) as comparator
from diagnoses
where coded_on <= getvariable('last_day')
union all
select
    person_id,
    coded_on + 200 + cast(draw(id, 3, condition) * 700 as integer),
    resolved_code,
    null,
    null
from diagnoses
where
    is_resolved and resolved_code is not null
    and coded_on + 200 + cast(draw(id, 3, condition) * 700 as integer) <= getvariable('last_day')
union all
-- Of a tie on one day the diagnosis stands; of a later one too.
select
    person_id,
    coded_on + 200 + cast(draw(id, 3, condition) * 700 as integer)
    + case when draw(id, 4, condition) < 0.5 then 0 else 90 end,
    code,
    null,
    null
from diagnoses
where
    is_resolved and resolved_code is not null and draw(id, 5, condition) < 0.3
    and coded_on + 290 + cast(draw(id, 3, condition) * 700 as integer) <= getvariable('last_day')
union all
select
    person_id,
    coded_on,
    '103735009',
    null,
    null
from palliative
where coded_on between getvariable('first_day') - 400 and getvariable('last_day')
union all
select
    person_id,
    read_on,
    '271649006',
    case
        when draw(id, nth, 'wrong') < 0.004 then 20
        else round(128 + 10 * has_hypertension + 46 * about(id, nth, 'systolic'))
    end,
    null
from readings
union all
select
    person_id,
    read_on,
    '271650006',
    case
        when draw(id, nth, 'wrong too') < 0.003 then 10
        else round(77 + 6 * has_hypertension + 28 * about(id, nth, 'diastolic'))
    end,
    null
from readings
where draw(id, nth, 'partner') >= 0.03
union all
-- A second reading of the same day.
select
    person_id,
    read_on,
    '271649006',
    round(124 + 10 * has_hypertension + 46 * about(id, nth, 'systolic again')),
    null
from readings
where draw(id, nth, 'again') < 0.15
union all
select
    person_id,
    read_on,
    '271650006',
    round(75 + 6 * has_hypertension + 28 * about(id, nth, 'diastolic again')),
    null
from readings
where draw(id, nth, 'again') < 0.15
union all
select
    person_id,
    read_on,
    '999791000000106',
    case
        when draw(id, nth, 'below') < 0.01 then 20
        else round(58 + 40 * about(id, nth, 'glucose value'))
    end,
    case when draw(id, nth, 'below') < 0.01 then '<' end
from glucose
union all
select
    person_id,
    read_on,
    '60621009',
    round(27.5 + 14 * about(id, 0, 'weight') + 2 * about(id, nth, 'weight'), 1),
    null
from readings
where draw(id, nth, 'weighed') < 0.4
union all
select
    person_id,
    read_on,
    case
        when draw(id, 0, 'smokes') < 0.15 then '77176002'
        when draw(id, 0, 'smokes') < 0.40 then '8517006'
        else '266919005'
    end,
    null,
    null
from readings
where draw(id, nth, 'asked') < 0.35
union all
-- What nobody here reads, as many as fill the record.
select
    people.person_id,
    cast(months.month_start + cast(draw(people.id, months.nth * 8 + times.range, 'other') * 27 as integer) as date),
    case cast(floor(draw(people.id, months.nth * 8 + times.range, 'which') * 6) as integer)
        when 0 then '27113001'
        when 1 then '50373000'
        when 2 then '1006191000000106'
        when 3 then '86198006'
        when 4 then '185317003'
        else '1005681000000107'
    end,
    case when draw(people.id, months.nth * 8 + times.range, 'which') < 0.5
        then round(20 + 100 * draw(people.id, months.nth * 8 + times.range, 'amount'), 1)
    end,
    null
from people
cross join months
cross join range(8) as times
where
    draw(people.id, months.nth * 8 + times.range, 'coded') < getvariable('other_codes') / 8
    and months.month_start >= people.birth_date
    and (people.death_date is null or people.death_date > months.month_start + 27);

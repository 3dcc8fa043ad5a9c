-- Stays in hospital: of people as they are, of conditions, and of the last months of life.
create table whole_years as
select
    range as nth,
    cast(getvariable('first_day') + to_years(cast(range as integer)) as date) as year_start
from range(getvariable('years'));

create table reasons_at as
select
    reasons.*,
    ages.range as age,
    sum(reasons.weight) over (partition by ages.range order by reasons.reason)
    / sum(reasons.weight) over (partition by ages.range) as chance_to,
    (sum(reasons.weight) over (partition by ages.range order by reasons.reason) - reasons.weight)
    / sum(reasons.weight) over (partition by ages.range) as chance_from
from reasons
inner join range(0, 111) as ages on ages.range between reasons.age_from and reasons.age_to;

create table planned_and_not as
with times as (
    select
        people.id,
        people.birth_date,
        people.death_date,
        years.nth as year,
        years.year_start,
        how_many(
            getvariable('stays') * exp(0.18 * people.hardship) * case
                when date_diff('year', people.birth_date, years.year_start) < 2 then 0.30
                when date_diff('year', people.birth_date, years.year_start) < 16 then 0.08
                when date_diff('year', people.birth_date, years.year_start) < 45 then 0.14
                when date_diff('year', people.birth_date, years.year_start) < 65 then 0.22
                when date_diff('year', people.birth_date, years.year_start) < 80 then 0.45
                else 0.75
            end,
            draw(people.id, years.nth, 'stays')
        ) as number
    from people
    cross join whole_years as years
),

dated as (
    select
        id,
        birth_date,
        death_date,
        year * 100 + nth as nth,
        within(draw(id, year * 100 + nth, 'admitted'), year_start, year_start + 364) as admitted_on
    from (select *, unnest(range(least(number, 40))) as nth from times where number > 0)
)

select
    dated.id,
    0 as stream,
    dated.nth,
    dated.admitted_on,
    reasons_at.method,
    reasons_at.class,
    reasons_at.diagnosis,
    reasons_at.second_diagnosis,
    reasons_at.external_cause,
    reasons_at.operation,
    reasons_at.specialty,
    reasons_at.mean_days
from dated
inner join reasons_at
    on
        greatest(date_diff('year', dated.birth_date, dated.admitted_on), 0) = reasons_at.age
        and draw(dated.id, dated.nth, 'reason') >= reasons_at.chance_from
        and draw(dated.id, dated.nth, 'reason') < reasons_at.chance_to;

create table of_conditions as
with times as (
    select
        diagnoses.id,
        diagnoses.since,
        diagnoses.condition,
        diagnoses.diagnosis,
        years.nth as year,
        years.year_start,
        how_many(diagnoses.admissions_a_year, draw(diagnoses.id, years.nth, diagnoses.condition || ' stays')) as number
    from diagnoses
    cross join whole_years as years
    where diagnoses.admissions_a_year > 0 and diagnoses.since < years.year_start + 365
)

select
    id,
    1 + cast(hash(condition) % 1000000 as integer) as stream,
    year * 100 + nth as nth,
    within(draw(id, year * 100 + nth, condition || ' admitted'), year_start, year_start + 364) as admitted_on,
    case when draw(id, year * 100 + nth, condition || ' method') < 0.8 then '21' else '2A' end as method,
    '1' as class,
    diagnosis,
    null as second_diagnosis,
    null as external_cause,
    null as operation,
    '300' as specialty,
    4.5 as mean_days
from (select *, unnest(range(least(number, 30))) as nth from times where number > 0);

create table of_the_dying as
select
    id,
    2000000 as stream,
    nth,
    death_date - 1 - cast(floor(draw(id, nth, 'last admitted') * 95) as integer) as admitted_on,
    '21' as method,
    '1' as class,
    case
        when draw(id, nth, 'last reason') < 0.3 then 'J189'
        when draw(id, nth, 'last reason') < 0.5 then 'A419'
        when draw(id, nth, 'last reason') < 0.7 then 'I500'
        else 'R54X'
    end as diagnosis,
    null as second_diagnosis,
    null as external_cause,
    null as operation,
    '300' as specialty,
    7.0 as mean_days
from (
    select
        *,
        unnest(range(least(how_many(1.4, draw(id, 0, 'last stays')), 9))) as nth
    from people
    where death_date is not null
);

-- Nobody is admitted before birth, after death, or while they are in hospital: of two stays that
-- overlap the later isn't. One in 25 goes on in another hospital on the day of the transfer.
create table stays as
with found as (
    select * from planned_and_not
    union all by name
    select * from of_conditions
    union all by name
    select * from of_the_dying
),

lasting as (
    select
        found.*,
        people.person_id,
        people.birth_date,
        people.death_date,
        people.sex,
        people.ethnic_category,
        people.utla_code,
        people.lsoa_code,
        people.providers,
        least(
            found.admitted_on
            + case
                when found.mean_days = 0 then 0
                else cast(floor(-ln(1 - draw(found.id, found.stream + found.nth, 'days')) * (found.mean_days + 0.5)) as integer)
            end,
            people.death_date
        ) as left_on
    from found
    inner join people using (id)
    where
        found.admitted_on between greatest(people.birth_date, getvariable('first_day')) and getvariable('last_day')
        and (people.death_date is null or found.admitted_on <= people.death_date)
),

apart as (
    select
        *,
        max(left_on) over (
            partition by id order by admitted_on, left_on, stream, nth
            rows between unbounded preceding and 1 preceding
        ) as left_before
    from lasting
)

select
    * exclude (left_before),
    case
        when left_on - admitted_on >= 2 and method like '2%' and draw(id, stream + nth, 'transfer') < 0.08
            then admitted_on + 1 + cast(floor(draw(id, stream + nth, 'transfer day') * (left_on - admitted_on - 1)) as integer)
    end as transferred_on,
    draw(id, stream + nth, 'provider') < 0.85 as at_first_provider
from apart
where left_before is null or admitted_on > left_before;

drop table planned_and_not;
drop table of_conditions;
drop table of_the_dying;

-- What one hospital sees of a stay.
create table spells as
select
    * exclude (left_on, transferred_on),
    1 as part,
    coalesce(transferred_on, left_on) as left_on,
    transferred_on is not null as goes_on,
    false as goes_on_here
from stays
union all by name
select
    * exclude (left_on, transferred_on, admitted_on),
    2 as part,
    transferred_on as admitted_on,
    left_on,
    false as goes_on,
    true as goes_on_here
from stays
where transferred_on is not null;

-- Stays of some length fall into episodes under one consultant each.
create table episodes as
with counted as (
    select
        *,
        case
            when left_on - admitted_on >= 3 and draw(id, stream + nth + part, 'episodes') < 0.25 then 3
            when left_on - admitted_on >= 1 and draw(id, stream + nth + part, 'episodes') < 0.40 then 2
            else 1
        end as of_spell
    from spells
),

parted as (
    select
        *,
        unnest(range(1, of_spell + 1)) as episode
    from counted
),

dated as (
    select
        *,
        admitted_on + cast(floor((left_on - admitted_on) * (episode - 1) / of_spell) as integer) as episode_start,
        case
            when episode = of_spell then left_on
            else admitted_on + cast(floor((left_on - admitted_on) * episode / of_spell) as integer)
        end as episode_end,
        getvariable('episodes_before') + row_number() over (order by id, admitted_on, part, stream, nth, episode) as number
    from parted
)

select
    *,
    case when at_first_provider = (part = 1) then split_part(providers, '|', 1) else split_part(providers, '|', 2) end
        as provider_code,
    -- Financial years that the episode touches; in all but the last of them it is unfinished.
    year(episode_start - interval 3 month) as first_year,
    year(episode_end - interval 3 month) as last_year
from dated;

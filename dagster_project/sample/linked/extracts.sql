-- The rows of the extracts, with the faults that such extracts have: each rare, each of a known kind.
create table apc as
select
    printf('%02d%02d', shown.year % 100, (shown.year + 1) % 100) as fyear,
    printf('%d99', shown.year) as partyear,
    cast(500000000000 + episodes.number * 8 + (shown.year - episodes.first_year) as varchar) as epikey,
    person_id as pseudo_hesid,
    -- One spell in 2,500 can't be told from the hospital's own numbers.
    case
        when draw(number, 0, 'spell') < 0.0004 then '-1'
        else cast(700000000000 + (number - episode) * 8 + part as varchar)
    end as spell_id,
    case
        when draw(number, 0, 'no date') < 0.0005 then date '1801-01-01'
        else admitted_on
    end as admidate,
    case when goes_on_here then '2B' else method end as admimeth,
    case when goes_on_here then '51' else '19' end as admisorc,
    class as classpat,
    date_diff('year', birth_date, admitted_on)
    - case when strftime(birth_date, '%m%d') > strftime(admitted_on, '%m%d') then 1 else 0 end as startage,
    sex,
    coalesce(ethnic_category, case when draw(id, 3, 'ethnic') < 0.5 then 'A' else '99' end) as ethnos,
    shown.year < last_year as is_unfinished,
    case when shown.year = last_year and episode = of_spell then left_on end as disdate,
    case
        when shown.year < last_year or episode < of_spell then null
        when goes_on then '51'
        when left_on = death_date then '79'
        else '19'
    end as disdest,
    case
        when shown.year < last_year or episode < of_spell then null
        when left_on = death_date then '4'
        else '1'
    end as dismeth,
    episode_start as epistart,
    case when shown.year = last_year then episode_end end as epiend,
    episode as epiorder,
    case when shown.year < last_year then '1' else '3' end as epistat,
    '1' as epitype,
    provider_code as procode3,
    specialty as tretspef,
    case when episode = 1 then diagnosis else 'Z098' end as diag_4_01,
    case when episode = 1 then second_diagnosis when draw(number, 0, 'I10') < 0.3 then 'I10X' end as diag_4_02,
    external_cause as diag_4_03,
    case when draw(id, 0, 'Z85') < 0.05 then 'Z859' end as diag_4_04,
    case when episode = 1 then operation end as opertn_4_01,
    lsoa_code as lsoa11,
    utla_code as resladst_ons
from episodes
inner join range(1990, 2100) as shown(year) on shown.year between first_year and least(last_year, getvariable('last_year'));

create table outpatients as
select
    person_id as pseudo_hesid,
    cast(300000000000 + getvariable('appointments_before') + row_number() over (order by id, year, nth) as varchar) as attendkey,
    within(draw(id, year * 100 + nth, 'appointment'), year_start, least(year_start + 364, death_date)) as apptdate,
    case
        when draw(id, year * 100 + nth, 'attends') < 0.85 then '5'
        when draw(id, year * 100 + nth, 'attends') < 0.88 then '6'
        when draw(id, year * 100 + nth, 'attends') < 0.95 then '3'
        else '2'
    end as attended,
    case when nth = 0 then '1' else '2' end as firstatt,
    case when draw(id, year * 100 + nth, 'clinic') < 0.5 then '110' else '300' end as tretspef,
    split_part(providers, '|', 1) as procode3
from (
    select
        people.*,
        years.nth as year,
        years.year_start,
        unnest(range(least(how_many(
            0.5 + greatest(date_diff('year', people.birth_date, years.year_start), 0) / 100,
            draw(people.id, years.nth, 'appointments')
        ), 30))) as nth
    from people
    cross join whole_years as years
    where people.birth_date <= years.year_start and (people.death_date is null or people.death_date > years.year_start)
);

create table emergency_care as
select
    person_id as pseudo_nhs_number,
    cast(900000000000 + getvariable('attendances_before') + row_number() over (order by id, arrival_date, nth) as varchar)
        as attendance_unique_identifier,
    arrival_date,
    case when draw(id, nth, 'department') < 0.7 then '01' when draw(id, nth, 'department') < 0.73 then '02' else '03' end
        as department_type,
    -- Discharge home, or admission to the same hospital.
    case when is_admitted then '306706006' else '306689006' end as discharge_destination,
    case when draw(id, nth, 'complaint') < 0.4 then '29857009' when draw(id, nth, 'complaint') < 0.7 then '267036007' else '161891005' end
        as diagnosis_01
from (
    select
        id,
        person_id,
        admitted_on as arrival_date,
        nth,
        true as is_admitted
    from spells
    where method = '21' and part = 1
    union all
    select
        people.id,
        people.person_id,
        within(draw(people.id, years.nth, 'arrives'), years.year_start, years.year_start + 364) as arrival_date,
        10000 + years.nth as nth,
        false as is_admitted
    from people
    cross join whole_years as years
    where
        draw(people.id, years.nth, 'comes to A&E') < 0.2
        and people.birth_date <= years.year_start
        and (people.death_date is null or people.death_date > years.year_start + 364)
);

-- Some deaths were registered twice: the earlier is the one that counts.
create table deaths as
with caused as (
    select
        *,
        case
            when draw(id, 0, 'cause') < 0.13 then 'I259'
            when draw(id, 0, 'cause') < 0.17 then 'I219'
            when draw(id, 0, 'cause') < 0.23 then 'I64'
            when draw(id, 0, 'cause') < 0.50 then 'C349'
            when draw(id, 0, 'cause') < 0.63 then 'F03'
            when draw(id, 0, 'cause') < 0.74 then 'J449'
            when draw(id, 0, 'cause') < 0.80 then 'J189'
            when draw(id, 0, 'cause') < 0.83 then 'W19'
            when draw(id, 0, 'cause') < 0.84 then 'X599'
            else 'R54'
        end as cause,
        case
            when draw(id, 0, 'where') < 0.42 then 'Hospital'
            when draw(id, 0, 'where') < 0.66 then 'Home'
            when draw(id, 0, 'where') < 0.90 then 'Care Home'
            when draw(id, 0, 'where') < 0.96 then 'Hospice'
            when draw(id, 0, 'where') < 0.98 then 'Elsewhere'
            else 'Other communal establishment'
        end as died_at
    from people
    where death_date is not null
)

select
    person_id as pseudo_nhs_number,
    death_date as reg_date_of_death,
    death_date + 3 + cast(draw(id, 0, 'registered') * 20 as integer) as reg_date,
    cause as s_underlying_cod_icd10,
    case when draw(id, 1, 'cause') < 0.2 then 'I10' end as s_cod_code_1,
    died_at as place_of_death
from caused
union all
select
    person_id,
    death_date + 2,
    death_date + 60,
    cause,
    null,
    died_at
from caused
where draw(id, 0, 'registered twice') < 0.01;

-- Long-term support in a care home: the likelier the older, and with dementia.
create table care_homes as
select
    people.id,
    people.person_id,
    people.utla_code,
    people.death_date,
    greatest(
        getvariable('first_day') - 300,
        within(draw(people.id, 1, 'care home'), getvariable('first_day') - 300, getvariable('last_day'))
    ) as start_date,
    draw(people.id, 2, 'care home') < 0.4 as is_nursing
from people
left join diagnoses on people.id = diagnoses.id and diagnoses.condition = 'dementia'
where
    draw(people.id, 0, 'care home')
    < case when diagnoses.id is not null then 0.45 else 0.02 end
    * pow(greatest(date_diff('year', people.birth_date, getvariable('first_day')), 0) / 80, 4);

create table social_care as
select
    person_id as pseudo_nhs_number,
    utla_code as la_code,
    'Service' as event_type,
    case when is_nursing then 'Long Term Support: Nursing Care' else 'Long Term Support: Residential Care' end
        as service_type,
    start_date as event_start_date,
    case when death_date <= getvariable('last_day') then death_date end as event_end_date
from care_homes
where death_date is null or start_date < death_date
union all
select
    person_id,
    utla_code,
    'Service',
    'Long Term Support: Community',
    within(draw(id, 1, 'home care'), getvariable('first_day'), getvariable('last_day')) as event_start_date,
    death_date
from people
where
    draw(id, 0, 'home care') < 0.10 * pow(greatest(date_diff('year', birth_date, getvariable('first_day')), 0) / 75, 3)
    and (death_date is null or death_date > within(draw(id, 1, 'home care'), getvariable('first_day'), getvariable('last_day')));

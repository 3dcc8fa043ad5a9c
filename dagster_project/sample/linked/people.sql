-- Who lives where, from when to when. A draw is a digest of the person and what is drawn, so that each
-- is the same whatever else is drawn, and all rows of a table are drawn at once.
create or replace macro draw(id, nth, what) as
(hash(id, nth, what, getvariable('seed')) >> 11) / 9007199254740992e0;

-- How many events there are where `rate` are to be expected: a few people have many of them.
create or replace macro how_many(rate, chance) as
cast(floor(ln(1 - chance) / ln(rate / (1 + rate))) as integer);

-- A key that says nothing, and two people never share: multiplication by a number prime to the modulus.
create or replace macro pseudonym(id) as
'S' || lpad(cast((cast(id as hugeint) * 48271046899 + getvariable('seed')) % 100000000000 as varchar), 11, '0');

create or replace macro within(chance, first_day, last_day) as
first_day + cast(floor(chance * (last_day - first_day + 1)) as integer);

create table located as
with numbered as (
    select
        range as id,
        draw(range, 0, 'place') as in_place
    from range(getvariable('first'), getvariable('last') + 1)
)

select
    numbered.id,
    places.*
from numbered
inner join (
    select
        *,
        sum(share) over (order by place) / sum(share) over () as share_to,
        (sum(share) over (order by place) - share) / sum(share) over () as share_from
    from places
    -- Who is drawn for some of the places only isn't drawn for others.
    where place in (select place from practices)
) as places
    on numbered.in_place >= places.share_from and numbered.in_place < places.share_to;

create table born as
select
    id,
    place,
    utla_code,
    providers,
    deprivation,
    pseudonym(id) as person_id,
    -- From five years before birth on: some are born while we watch.
    cast(getvariable('first_day') - cast(round(365.25 * case
        when draw(id, 0, 'age') < 0.06 then -5 + 5 * draw(id, 0, 'age') / 0.06
        when draw(id, 0, 'age') < 0.06 + youth then 18 * (draw(id, 0, 'age') - 0.06) / youth
        else 18 + age_factor * 80 * pow((draw(id, 0, 'age') - 0.06 - youth) / (0.94 - youth), 1.25)
    end) as integer) as date) as birth_date,
    case when draw(id, 0, 'sex') < 0.4975 then 1 when draw(id, 0, 'sex') < 0.9975 then 2 else 9 end as sex,
    case
        when draw(id, 0, 'ethnic') < white then case when draw(id, 1, 'ethnic') < 0.85 then 'A' else 'C' end
        when draw(id, 0, 'ethnic') < white + mixed then 'D'
        when draw(id, 0, 'ethnic') < white + mixed + asian
            then case when draw(id, 1, 'ethnic') < 0.4 then 'H' when draw(id, 1, 'ethnic') < 0.8 then 'K' else 'R' end
        when draw(id, 0, 'ethnic') < white + mixed + asian + black
            then case when draw(id, 1, 'ethnic') < 0.5 then 'M' else 'N' end
        when draw(id, 0, 'ethnic') < white + mixed + asian + black + other then 'S'
        when draw(id, 1, 'ethnic') < 0.5 then 'Z'
    end as ethnic_category,
    cast(floor(draw(id, 0, 'neighbourhood') * 150) as integer) as neighbourhood
from located;

create table neighbourhoods as
select
    places.place,
    numbered.range as neighbourhood,
    'E01' || lpad(cast(900000 + 1000 * places.place + numbered.range as varchar), 6, '0') as lsoa_code,
    -- The lower the decile the more deprived; a place that is more so has more of the low ones.
    1 + cast(floor(10 * pow(
        draw(numbered.range, places.place, 'decile'), places.deprivation / (1 - places.deprivation)
    )) as integer) as deprivation_decile
from places
cross join range(150) as numbered;

-- Death by Gompertz's law from the first day on, sooner where life is harder.
create table people as
with aged as (
    select
        born.*,
        neighbourhoods.lsoa_code,
        neighbourhoods.deprivation_decile,
        (5.5 - neighbourhoods.deprivation_decile) / 5 as hardship,
        greatest(getvariable('first_day') - born.birth_date, 0) / 365.25 as age_at_start
    from born
    inner join neighbourhoods using (place, neighbourhood)
),

lived as (
    select
        *,
        ln(
            exp(0.095 * age_at_start)
            - ln(1 - draw(id, 0, 'death')) * 0.095 / (2.4e-5 * exp(0.3 * hardship))
        ) / 0.095 as age_at_death
    from aged
)

select
    * exclude (age_at_death, age_at_start, deprivation, neighbourhood),
    case
        when birth_date + cast(round(age_at_death * 365.25) as integer) <= getvariable('last_day')
            then greatest(birth_date + cast(round(age_at_death * 365.25) as integer), getvariable('first_day') + 1)
    end as death_date
from lived;

drop table located;
drop table born;

-- A person is registered where they live; some come late, some leave, some move to another practice and
-- some of those to another place. Of a few moves the old practice hears late: two are open at once.
create table registrations as
with terms as (
    select
        *,
        case
            when birth_date >= getvariable('first_day') then birth_date + 10
            when draw(id, 0, 'comes') < 0.10
                then within(draw(id, 1, 'comes'), getvariable('first_day') + 1, getvariable('last_day') - 1)
            else greatest(birth_date + 10, date '1990-01-01' + cast(draw(id, 2, 'comes') * 10000 as integer))
        end as first_registered,
        case
            when draw(id, 0, 'leaves') < 0.05
                then within(draw(id, 1, 'leaves'), getvariable('first_day'), getvariable('last_day'))
        end as leaves_on,
        draw(id, 0, 'moves') < 0.10 as moves,
        within(draw(id, 1, 'moves'), getvariable('first_day') + 30, getvariable('last_day') - 30) as moves_on
    from people
),

stretches as (
    select
        id,
        1 as nth,
        place,
        first_registered as start_date,
        case
            when moves and moves_on > first_registered
                then moves_on + case when draw(id, 2, 'moves') < 0.1 then 25 else -1 end
        end as end_date,
        lsoa_code,
        deprivation_decile,
        leaves_on,
        death_date
    from terms
    union all
    select
        terms.id,
        2 as nth,
        elsewhere.place,
        terms.moves_on as start_date,
        null as end_date,
        elsewhere.lsoa_code,
        elsewhere.deprivation_decile,
        terms.leaves_on,
        terms.death_date
    from terms
    inner join neighbourhoods as elsewhere
        on
            elsewhere.neighbourhood = cast(floor(draw(terms.id, 4, 'moves') * 150) as integer)
            and elsewhere.place = case
                when draw(terms.id, 3, 'moves') < 0.3 then 1 + cast(floor(draw(terms.id, 5, 'moves') * 5) as integer)
                else terms.place
            end
    where terms.moves and terms.moves_on > terms.first_registered
),

ended as (
    select
        * exclude (leaves_on, death_date, end_date),
        least(
            end_date,
            case when leaves_on > start_date then leaves_on end,
            -- The list is cleaned some days after a death.
            death_date + cast(draw(id, nth, 'cleaned') * 30 as integer)
        ) as end_date,
        death_date
    from stretches
    where (death_date is null or start_date < death_date) and start_date <= getvariable('last_day')
)

select
    ended.id,
    ended.nth,
    pseudonym(ended.id) as person_id,
    ended.start_date,
    case when ended.end_date <= getvariable('last_day') then ended.end_date end as end_date,
    practices.practice_code,
    ended.lsoa_code,
    ended.place,
    ended.deprivation_decile
from ended
inner join practices
    on
        ended.place = practices.place
        and practices.number = cast(floor(draw(ended.id, ended.nth, 'practice') * practices.of_place) as integer);

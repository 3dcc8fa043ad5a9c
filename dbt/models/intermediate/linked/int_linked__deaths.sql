-- One row per person who died: of two registered deaths the earlier counts.
with extracts as (
    select extract_id from {{ ref('int_latest_extracts') }}
),

numbered as (
    select
        deaths.person_id,
        deaths.died_on,
        deaths.registered_on,
        deaths.underlying_cause,
        deaths.place_of_death,
        row_number() over (
            partition by deaths.person_id
            order by
                deaths.died_on asc, deaths.registered_on asc nulls last,
                deaths.underlying_cause asc nulls last, deaths.place_of_death asc nulls last
        ) as nth
    from {{ ref('stg_deaths__registered') }} as deaths
    inner join extracts on deaths.extract_id = extracts.extract_id
    where deaths.person_id is not null and deaths.died_on is not null
)

select
    person_id,
    died_on,
    registered_on,
    underlying_cause,
    place_of_death
from numbered
where nth = 1

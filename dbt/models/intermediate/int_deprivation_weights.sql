{{ config(materialized='view') }}

-- By edition of the index, which mid-year population weighs its small areas: the nearest that has
-- landed to the one that the index itself was made with. NULL where none has landed.
with editions as (
    select
        cast(edition as integer) as edition,
        cast(lsoa_year as integer) as lsoa_year,
        cast(small_areas as integer) as small_areas,
        cast(population_mid_year as integer) as population_mid_year
    from {{ ref('deprivation_editions') }}
),

landed as (
    select distinct mid_year from {{ ref('stg_ons__small_area_populations') }}
),

ordered as (
    select
        editions.*,
        landed.mid_year,
        row_number() over (
            partition by editions.edition
            order by abs(landed.mid_year - editions.population_mid_year) asc, landed.mid_year asc
        ) as nth
    from editions
    left join landed
        on true
)

select
    edition,
    lsoa_year,
    small_areas,
    population_mid_year,
    mid_year
from ordered
where nth = 1

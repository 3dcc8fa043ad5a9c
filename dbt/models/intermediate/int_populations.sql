-- Denominators: one row per mid-year, area, sex and age band (five years, 90 and over, all ages).
-- Local areas, regions and England are ONS's own estimates by sex. Where today's area wasn't there
-- yet, its districts of the time are added up (is_recast). NHS areas are small areas added up, for
-- persons only. Ended areas keep their own rows: never add up a level without choosing.
with by_first_age as (
    select
        populations.mid_year,
        populations.area_code,
        populations.sex,
        {{ first_age_of_band('populations.age') }} as first_age,
        sum(populations.persons) as persons
    from {{ ref('stg_ons__populations') }} as populations
    inner join {{ ref('int_latest_extracts') }} using (extract_id)
    where populations.area_code like 'E%'
    group by
        populations.mid_year,
        populations.area_code,
        populations.sex,
        {{ first_age_of_band('populations.age') }}
),

published as (
    select
        by_first_age.mid_year,
        by_first_age.area_code,
        by_first_age.sex,
        {{ age_band('by_first_age.first_age') }} as age_band,
        by_first_age.persons,
        areas.area_type,
        areas.is_ltla
    from by_first_age
    inner join {{ ref('int_areas') }} as areas
        on by_first_age.area_code = areas.area_code
    where areas.area_type in ('england', 'region', 'utla', 'district')
),

districts as (
    select
        published.mid_year,
        published.sex,
        published.age_band,
        published.persons,
        today.area_code as ltla_code,
        case when today.is_utla then today.area_code else today.parent_code end as utla_code
    from published
    inner join {{ ref('int_current_areas') }} as current_areas
        on published.area_code = current_areas.area_code
    inner join {{ ref('int_areas') }} as today
        on current_areas.current_code = today.area_code
    where published.is_ltla
),

recast as (
    select
        mid_year,
        ltla_code as area_code,
        sex,
        age_band,
        sum(persons) as persons
    from districts
    group by mid_year, ltla_code, sex, age_band
    union all
    select
        mid_year,
        utla_code as area_code,
        sex,
        age_band,
        sum(persons) as persons
    from districts
    where utla_code <> ltla_code
    group by mid_year, utla_code, sex, age_band
),

nhs as (
    select
        populations.mid_year,
        links.area_tier as area_type,
        links.area_code,
        populations.age_band,
        sum(populations.persons) as persons
    from {{ ref('int_small_area_populations') }} as populations
    inner join {{ ref('int_small_area_links') }} as links
        on
            populations.lsoa_year = links.lsoa_year
            and populations.lsoa_code = links.lsoa_code
    where populations.lsoa_year = 2011 and links.area_tier in ('sub_icb', 'icb', 'nhs_region')
    group by populations.mid_year, links.area_tier, links.area_code, populations.age_band
)

select
    mid_year,
    area_type,
    area_code,
    sex,
    age_band,
    persons,
    false as is_recast,
    'mid_year_estimates' as made_from
from published
union all
select
    recast.mid_year,
    areas.area_type,
    recast.area_code,
    recast.sex,
    recast.age_band,
    recast.persons,
    true as is_recast,
    'mid_year_estimates' as made_from
from recast
inner join {{ ref('int_areas') }} as areas
    on recast.area_code = areas.area_code
left join published
    on
        recast.mid_year = published.mid_year
        and recast.area_code = published.area_code
        and recast.sex = published.sex
        and recast.age_band = published.age_band
where published.area_code is null
union all
select
    mid_year,
    area_type,
    area_code,
    'Persons' as sex,
    age_band,
    persons,
    false as is_recast,
    'small_areas' as made_from
from nhs

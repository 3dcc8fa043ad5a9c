-- How the people of an area that became several are shared out between them: one row per tier, area and
-- area of today, from the small areas that lay in it by any lookup that is landed, or for a county from
-- its districts, by the last estimate while it was there.
with leads as (
    select distinct
        area_tier,
        area_code,
        current_code,
        valid_to
    from {{ ref('int_area_leads') }}
    where area_tier = predecessor_tier
),

lookups as (
    select distinct
        case rtrim(links.parent_level, '0123456789')
            when 'ltla' then 'ltla' when 'ccg' then 'sub_icb' when 'sicbl' then 'sub_icb' else 'icb'
        end as area_tier,
        links.parent_code as area_code,
        links.child_code as lsoa11_code
    from {{ ref('stg_areas__links') }} as links
    inner join {{ ref('int_latest_extracts') }} using (extract_id)
    where
        links.child_level = 'lsoa11'
        and rtrim(links.parent_level, '0123456789') in ('ltla', 'ccg', 'sicbl', 'stp', 'icb')
        and links.parent_code in (select area_code from leads)
),

people as (
    select
        lsoa_code,
        arg_max(persons, mid_year) as persons
    from {{ ref('int_small_area_populations') }}
    where lsoa_year = 2011 and age_band = 'All ages'
    group by lsoa_code
),

people_of_small_areas as (
    select
        lookups.area_tier,
        lookups.area_code,
        case lookups.area_tier
            when 'ltla' then today.ltla_code when 'sub_icb' then today.sub_icb_code else today.icb_code
        end as current_code,
        {{ steady_sum('changes.share_of_2011 * people.persons') }} as persons
    from lookups
    inner join {{ ref('int_small_area_changes') }} as changes
        on lookups.lsoa11_code = changes.lsoa11_code
    inner join {{ ref('int_small_areas') }} as today
        on changes.lsoa21_code = today.lsoa_code and today.lsoa_year = 2021
    inner join people on lookups.lsoa11_code = people.lsoa_code
    group by 1, 2, 3
),

people_of_districts as (
    select
        county.area_tier,
        county.area_code,
        today.current_code,
        populations.mid_year,
        sum(populations.persons) as persons
    from leads as county
    inner join {{ ref('int_areas') }} as districts on county.area_code = districts.parent_code
    inner join leads as today on districts.area_code = today.area_code
    inner join {{ ref('int_populations') }} as populations
        on districts.area_code = populations.area_code
    where
        county.area_tier = 'utla'
        and today.area_tier = 'ltla'
        and county.current_code = today.current_code
        and districts.valid_to = county.valid_to
        and populations.mid_year <= extract('year' from county.valid_to)
        and populations.sex = 'Persons'
        and populations.age_band = 'All ages'
        and not populations.is_recast
    group by county.area_tier, county.area_code, today.current_code, populations.mid_year
)

select
    area_tier,
    area_code,
    current_code,
    persons / sum(persons) over (partition by area_tier, area_code) as share,
    'small_areas' as share_basis
from people_of_small_areas
where current_code is not null
union all
select
    area_tier,
    area_code,
    current_code,
    persons / sum(persons) over (partition by area_code, mid_year) as share,
    'districts' as share_basis
from people_of_districts
qualify mid_year = max(mid_year) over (partition by area_code)

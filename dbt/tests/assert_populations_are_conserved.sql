-- Today's districts hold the people that the districts of the time held, and so do today's upper
-- tiers: adding up areas under their present codes neither loses nor doubles anybody.
with people as (
    select
        populations.mid_year,
        populations.sex,
        populations.age_band,
        sum(case when areas.is_ltla and not populations.is_recast then populations.persons end) as districts_then,
        sum(case when areas.is_ltla and areas.valid_to is null then populations.persons end) as districts_today,
        sum(case when areas.is_utla and areas.valid_to is null then populations.persons end) as upper_tiers_today
    from {{ ref('int_populations') }} as populations
    inner join {{ ref('int_areas') }} as areas
        on populations.area_code = areas.area_code
    where populations.made_from = 'mid_year_estimates'
    group by populations.mid_year, populations.sex, populations.age_band
)

select *
from people
where districts_today <> districts_then or upper_tiers_today <> districts_then

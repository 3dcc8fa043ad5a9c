-- Today's districts hold the people that the districts of the time held: adding areas up under their
-- present codes neither loses nor doubles anybody.
with then_and_today as (
    select
        populations.mid_year,
        populations.sex,
        populations.age_band,
        sum(
            case
                when not populations.is_recast and current_areas.current_code is not null
                    then populations.persons
            end
        ) as districts_then,
        sum(case when areas.valid_to is null then populations.persons end) as districts_today
    from {{ ref('int_populations') }} as populations
    inner join {{ ref('int_areas') }} as areas
        on populations.area_code = areas.area_code
    left join {{ ref('int_current_areas') }} as current_areas
        on populations.area_code = current_areas.area_code
    where populations.made_from = 'mid_year_estimates' and areas.is_ltla
    group by populations.mid_year, populations.sex, populations.age_band
)

select *
from then_and_today
where districts_today <> districts_then

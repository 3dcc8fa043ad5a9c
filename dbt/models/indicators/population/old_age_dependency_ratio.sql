-- People aged 65 and over, and those aged 16 to 64, at the middle of each year, by the area that ONS
-- estimates them for. Of two files of a year the later counts.
with people as (
    select
        case
            when populations.area_code = 'E92000001' then 'england'
            when populations.area_code like 'E12%' then 'region'
            when populations.area_code like 'E07%' then 'district'
            when
                populations.area_code like 'E06%'
                or populations.area_code like 'E08%'
                or populations.area_code like 'E09%'
                or populations.area_code like 'E10%'
                then 'utla'
        end as area_type,
        populations.area_code,
        populations.mid_year,
        case when populations.age >= 65 then populations.persons else 0 end as older,
        case when populations.age between 16 and 64 then populations.persons else 0 end as of_working_age
    from {{ ref('stg_ons__populations') }} as populations
    inner join {{ ref('int_latest_extracts') }} as extracts on populations.extract_id = extracts.extract_id
    where populations.sex = 'Persons'
)

select
    area_type,
    area_code,
    'calendar_year' as period_type,
    cast(concat(cast(mid_year as varchar), '-01-01') as date) as period_start,
    cast(concat(cast(mid_year as varchar), '-12-31') as date) as period_end,
    'Persons' as sex,
    '65+ yrs' as age,
    'all' as segment,
    'all' as breakdown_type,
    'all' as breakdown,
    'all' as band,
    cast(sum(older) as double) as numerator,
    cast(sum(of_working_age) as double) as denominator
from people
where area_type is not null
group by
    area_type,
    area_code,
    mid_year

-- Where each small area (LSOA) of England lies: one row per area and year of its drawing, 2011 or
-- 2021. Each level is that of the latest lookup; districts and boards go by today's codes, and by the
-- code that the lookup had in the columns that end in _then. Wards are ONS's best fit, of 2021 only.
with links as (
    select
        links.child_level,
        links.child_code,
        links.child_name,
        rtrim(links.parent_level, '0123456789') as kind,
        -- The greatest of these is that of the latest year.
        links.parent_level || '|' || links.parent_code as dated_code
    from {{ ref('stg_areas__links') }} as links
    inner join {{ ref('int_latest_extracts') }} using (extract_id)
    where links.child_level in ('lsoa11', 'lsoa21') and links.child_code like 'E01%'
),

wide as (
    select
        2000 + cast(right(child_level, 2) as integer) as lsoa_year,
        child_code as lsoa_code,
        min(child_name) as lsoa_name,
        split_part(max(case when kind = 'msoa' then dated_code end), '|', 2) as msoa_code,
        split_part(max(case when kind = 'ward' then dated_code end), '|', 2) as ward_code,
        split_part(max(case when kind = 'ltla' then dated_code end), '|', 2) as ltla_then_code,
        split_part(max(case when kind = 'sicbl' then dated_code end), '|', 2) as sub_icb_then_code,
        split_part(max(case when kind = 'icb' then dated_code end), '|', 2) as icb_then_code
    from links
    group by child_level, child_code
),

current_codes as (
    select
        wide.*,
        ltla.current_code as ltla_code,
        sub_icb.current_code as sub_icb_code,
        icb.current_code as icb_code
    from wide
    left join {{ ref('int_current_areas') }} as ltla
        on wide.ltla_then_code = ltla.area_code
    left join {{ ref('int_current_areas') }} as sub_icb
        on wide.sub_icb_then_code = sub_icb.area_code
    left join {{ ref('int_current_areas') }} as icb
        on wide.icb_then_code = icb.area_code
)

select
    current_codes.lsoa_year,
    current_codes.lsoa_code,
    {{ plain_text('current_codes.lsoa_name') }} as lsoa_name,
    current_codes.msoa_code,
    current_codes.ward_code,
    current_codes.ltla_code,
    case when ltla.is_utla then ltla.area_code else ltla.parent_code end as utla_code,
    ltla.region_code,
    current_codes.sub_icb_code,
    current_codes.icb_code,
    icb.parent_code as nhs_region_code,
    current_codes.ltla_then_code,
    case when ltla_then.is_utla then ltla_then.area_code else ltla_then.parent_code end as utla_then_code
from current_codes
left join {{ ref('int_areas') }} as ltla
    on current_codes.ltla_code = ltla.area_code
left join {{ ref('int_areas') }} as ltla_then
    on current_codes.ltla_then_code = ltla_then.area_code
left join {{ ref('int_areas') }} as icb
    on current_codes.icb_code = icb.area_code

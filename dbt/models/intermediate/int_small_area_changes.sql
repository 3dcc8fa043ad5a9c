-- Small areas of 2011 and those of 2021 that they became: one row per pair. U is the same area, S one
-- split into several, M several merged, X redrawn otherwise. ONS gives no populations with it, so an
-- area that became several is shared out between them in equal parts.
select
    links.child_code as lsoa11_code,
    links.parent_code as lsoa21_code,
    links.change_code,
    1.0 / count(*) over (partition by links.child_code) as share_of_2011
from {{ ref('stg_areas__links') }} as links
inner join {{ ref('int_latest_extracts') }} using (extract_id)
where links.child_level = 'lsoa11' and links.parent_level = 'lsoa21' and links.child_code like 'E01%'

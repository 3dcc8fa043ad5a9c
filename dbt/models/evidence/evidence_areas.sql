-- One row per area that a publisher's file places below another: whether that other is there.
select
    areas.area_code,
    cast(parents.area_code is null as double) as parent_missing
from {{ ref('int_areas') }} as areas
left join {{ ref('int_areas') }} as parents on areas.parent_code = parents.area_code
where
    areas.area_type not in ('england', 'provider')
    -- Of areas that have ended the registry doesn't keep to whom they belonged.
    and areas.valid_to is null

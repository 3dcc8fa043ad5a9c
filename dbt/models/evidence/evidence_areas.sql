-- One row per area: whether another that a publisher's file places it below is there; NULL where that can't
-- be asked. Each area has its row: a join in which many values find none costs more.
select
    areas.area_code,
    case
        when
            areas.area_type not in ('england', 'provider')
            -- Of areas that have ended the registry doesn't keep to whom they belonged.
            and areas.valid_to is null
            then cast(parents.area_code is null as double)
    end as parent_missing
from {{ ref('int_areas') }} as areas
left join {{ ref('int_areas') }} as parents on areas.parent_code = parents.area_code

select
    extract_id,
    area_code,
    {{ plain_text('area_name') }} as area_name,
    area_level,
    cast(boundary_year as integer) as boundary_year,
    longitude,
    latitude,
    geometry
from {{ source('ons', 'area_boundaries') }}
-- The files of districts and of counties cover the United Kingdom.
where area_code like 'E%'

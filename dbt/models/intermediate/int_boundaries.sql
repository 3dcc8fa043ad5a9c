{{ config(materialized='view') }}

-- One outline per area and level, for maps: the latest year's, and of that the last that was taken in.
-- area_code is what the area is called today, boundary_code what its file calls it: the file of NHS
-- regions prints two codes that nothing else uses, and is matched by name.
with ordered as (
    select
        boundaries.*,
        row_number() over (
            partition by boundaries.area_level, boundaries.area_code
            order by
                boundaries.boundary_year desc,
                {{ latest_first('extracts') }}
        ) as nth
    from {{ ref('stg_ons__boundaries') }} as boundaries
    inner join {{ ref('stg_ledger__extracts') }} as extracts using (extract_id)
)

select
    ordered.area_level as area_tier,
    coalesce(current_areas.current_code, namesakes.area_code, ordered.area_code) as area_code,
    ordered.area_code as boundary_code,
    ordered.area_name,
    ordered.boundary_year,
    ordered.longitude,
    ordered.latitude,
    ordered.geometry
from ordered
left join {{ ref('int_current_areas') }} as current_areas
    on ordered.area_code = current_areas.area_code
left join {{ ref('int_areas') }} as namesakes
    on
        ordered.area_level = 'nhs_region'
        and namesakes.area_type = 'nhs_region'
        and namesakes.valid_to is null
        and ordered.area_name = namesakes.area_name
where ordered.nth = 1

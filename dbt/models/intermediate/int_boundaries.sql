{{ config(materialized='view') }}

-- One outline per area and level, for maps: the latest year's, and of that the last that was taken in.
with ordered as (
    select
        boundaries.*,
        row_number() over (
            partition by boundaries.area_level, boundaries.area_code
            order by
                boundaries.boundary_year desc,
                extracts.vintage_date desc nulls last,
                extracts.run_number desc,
                boundaries.extract_id desc
        ) as nth
    from {{ ref('stg_ons__boundaries') }} as boundaries
    inner join {{ ref('stg_ledger__extracts') }} as extracts using (extract_id)
)

select
    area_level as area_tier,
    area_code,
    area_name,
    boundary_year,
    longitude,
    latitude,
    geometry
from ordered
where nth = 1

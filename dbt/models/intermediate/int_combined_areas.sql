-- The areas of which two have one value: one row per area. The one that carries the value is an area in
-- its own right, the other has none; by which notes, and of which indicators, it says.
with sides as (
    select
        area_code,
        carries_value_of as other_code,
        true as is_carrier,
        indicator_id
    from {{ ref('combined_areas') }}
    union all
    select
        carries_value_of as area_code,
        area_code as other_code,
        false as is_carrier,
        indicator_id
    from {{ ref('combined_areas') }}
)

select
    area_code,
    other_code,
    is_carrier,
    coalesce(list(distinct indicator_id) filter (where indicator_id is not null), []) as indicator_ids
from sides
group by area_code, other_code, is_carrier

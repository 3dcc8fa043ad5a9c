{{ config(materialized='view') }}

-- What each area of the registry is called today: one row per area that is still there, or that one
-- other has followed, directly or in steps. An area that was shared out between several has no row.
with recursive steps as (
    select
        area_code,
        cast(area_code as varchar) as current_code,
        valid_to,
        successor_codes,
        0 as step
    from {{ ref('int_areas') }}
    where source_id = 'registry'
    union all
    select
        steps.area_code,
        followers.area_code as current_code,
        followers.valid_to,
        followers.successor_codes,
        steps.step + 1
    from steps
    inner join {{ ref('int_areas') }} as followers
        on steps.successor_codes = followers.area_code
    where followers.source_id = 'registry' and steps.step < 10
)

select
    area_code,
    current_code
from steps
where valid_to is null

-- The rows that landed of areas that changed, of those that are made of them, and of areas that have one value
-- with another: few of many, which more than one model asks for.
select *
from {{ ref('int_observations_landed') }}
where
    area_code in (
        select area_code from {{ ref('int_area_changes') }}
        union all
        select current_code from {{ ref('int_area_changes') }}
        union all
        -- A board's other sub-ICBs never changed, nor did the board.
        select unnest([area_code, parent_code]) from {{ ref('int_areas') }}
        where area_kind = 'sub_icb' and valid_to is null
        union all
        select area_code from {{ ref('int_combined_areas') }}
    )

{{ config(materialized='view') }}

-- One row per key of all that landed, before any small count is hidden. Read by what hides them and
-- by no other: what may leave is `candidate_values`.
select
    observations.*,
    cast(0 as bigint) as conflict_count,
    cast(0 as bigint) as collision_count
from {{ ref('int_observations') }} as observations
anti join {{ ref('int_repeated_cells') }} as repeated on observations.row_id = repeated.row_id
union all by name
select * exclude (source_rank) from {{ ref('int_repeated_cells') }}

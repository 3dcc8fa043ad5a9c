{{ config(materialized='view') }}

-- What landed, what is said of areas whose value stands with a neighbour's, and what areas of today are
-- given from those that came before them.
select * from {{ ref('int_observations_landed') }}
union all by name
select * from {{ ref('int_combined__observations') }}
union all by name
select * from {{ ref('int_recast__observations') }}

{{ config(materialized='view') }}

-- Every row that came from a source, or was worked out from its counts, in the common shape.
select * from {{ ref('int_fingertips__observations') }}
union all by name
select * from {{ ref('int_ascof__observations') }}
union all by name
select * from {{ ref('int_computed__observations') }}
union all by name
select * from {{ ref('int_nhsof__observations') }}
union all by name
select * from {{ ref('int_proms__observations') }}
union all by name
select * from {{ ref('int_icb_panel__observations') }}
union all by name
select * from {{ ref('int_fingertips_derived__observations') }}

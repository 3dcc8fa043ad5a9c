{{ config(materialized='view') }}

-- What an edition holds before any workbook of it has landed: the seed's rows, and the places that
-- definitions of dbt/models/indicators claim.
select * from {{ ref('framework_indicators') }}
union all by name
select * from {{ ref('int_defined__framework_indicators') }}

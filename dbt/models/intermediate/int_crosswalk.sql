{{ config(materialized='view') }}

-- Every link between codes of frameworks: the seed's, and those that definitions name as siblings.
select * from {{ ref('crosswalk') }}
union all by name
select * from {{ ref('int_defined__crosswalk') }}

{{ config(materialized='view') }}

-- What each indicator measures, of whom and how: the seed's, and what definitions say of their own, which
-- stands in place of what the seed says of a draft.
select * from {{ ref('measures') }}
where indicator_id not in (select indicator_id from {{ ref('int_defined__measures') }})
union all by name
select * from {{ ref('int_defined__measures') }}

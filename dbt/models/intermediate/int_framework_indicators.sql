{{ config(materialized='view') }}

-- The codes of each framework's editions, with types.
select
    framework,
    edition,
    code,
    indicator_id,
    title,
    domain_code,
    role,
    cast(sort_order as integer) as sort_order,
    fingertips_id,
    'live' as life_cycle,
    cast(null as varchar) as owner_partner,
    false as is_stand_in,
    certainty,
    evidence,
    note
from {{ ref('framework_indicators') }}

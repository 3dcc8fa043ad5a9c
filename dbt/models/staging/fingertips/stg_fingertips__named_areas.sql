{{ config(materialized='table') }}

-- The areas that indicator files name: each name and type once an extract, cleaned once each. A table, since
-- three models read these few and each would go through all rows for them.
with named as (
    select distinct
        extract_id,
        area_code,
        area_name,
        area_type
    from {{ source('fingertips', 'fingertips_values') }}
)

select
    extract_id,
    {{ area_code('area_code') }} as area_code,
    {{ plain_text('area_name') }} as area_name,
    area_type as area_type_label
from named

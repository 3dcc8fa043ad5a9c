-- The indicators that files name: each code and name once an extract, cleaned once each.
with named as (
    select distinct
        extract_id,
        indicator_code,
        indicator_name
    from {{ source('fingertips', 'fingertips_values') }}
)

select
    extract_id,
    indicator_code,
    {{ plain_text('indicator_name') }} as indicator_name
from named

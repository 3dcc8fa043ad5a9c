{{ config(materialized='view') }}

-- Which extract of reference data counts, of each layout and period: that of the latest vintage, then
-- the last that was taken in. Values that are published have a stricter order: int_extract_order.
with ordered as (
    select
        extracts.extract_id,
        extracts.layout_id,
        extracts.period,
        row_number() over (
            partition by extracts.layout_id, extracts.period
            order by {{ latest_first('extracts') }}
        ) as nth
    from {{ ref('stg_ledger__extracts') }} as extracts
)

select
    extract_id,
    layout_id,
    period
from ordered
where nth = 1

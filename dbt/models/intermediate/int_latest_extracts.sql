{{ config(materialized='view') }}

-- Which extract of reference data counts, of each layout and period: that of the latest vintage, then
-- the last that was taken in. Values that are published have a stricter order: int_extract_order.
with ordered as (
    select
        extract_id,
        layout_id,
        period,
        row_number() over (
            partition by layout_id, period
            order by vintage_date desc nulls last, run_number desc, extract_id desc
        ) as nth
    from {{ ref('stg_ledger__extracts') }}
)

select
    extract_id,
    layout_id,
    period
from ordered
where nth = 1

{{ config(materialized='view') }}

-- Where series break, with types. Of a source, or of every source where none is named.
select
    indicator_id,
    source_id,
    cast(from_date as date) as from_date,
    applies_to,
    kind,
    effect,
    reason
from {{ ref('series_breaks') }}

{{ config(materialized='view') }}

-- The editions of the frameworks, with types.
select
    framework,
    edition,
    name,
    publisher,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    certainty,
    note
from {{ ref('frameworks') }}

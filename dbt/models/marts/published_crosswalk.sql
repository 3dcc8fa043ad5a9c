{{ config(alias='crosswalk') }}

select
    theme,
    relation,
    left_framework,
    left_edition,
    left_code,
    right_framework,
    right_edition,
    right_code,
    differs,
    evidence,
    asserted_by,
    certainty,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    caveat
from {{ ref('int_crosswalk') }}

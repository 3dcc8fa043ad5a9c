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
    evidence,
    asserted_by,
    certainty,
    caveat
from {{ ref('crosswalk') }}

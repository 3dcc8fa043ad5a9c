-- Counts of people behind values of ours that may have to be hidden are whole numbers, none below
-- nought: what can be worked out of them is proved in whole numbers. Returns those that aren't.
select
    indicator_id,
    area_code
from {{ ref('int_disclosure_counts') }}
where
    numerator <> floor(numerator) or numerator < 0
    or denominator <> floor(denominator) or denominator < 0

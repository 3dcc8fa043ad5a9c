-- The figures that stand for no figure, in one row. Minus signs aren't written in the seed, where they would
-- run as formulas. Rows of nines are looked for in values alone: a count may well be one.
select
    list(case kind when 'negative' then -cast(stand_in as double) else cast(stand_in as double) end) as of_values,
    list(-cast(stand_in as double)) filter (where kind = 'negative') as of_counts,
    -- No value below the one or above the other, and no count below the one, is looked at.
    max(-cast(stand_in as double)) filter (where kind = 'negative') as highest_negative,
    min(cast(stand_in as double)) filter (where kind = 'value') as lowest_nines
from {{ ref('stand_ins') }}
where kind in ('negative', 'value')

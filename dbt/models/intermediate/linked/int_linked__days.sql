-- The days on which people are looked at: the first of each period, and the one after the last.
select period_start as as_at from {{ ref('int_linked__periods') }}
union
select period_end + 1 as as_at from {{ ref('int_linked__periods') }}

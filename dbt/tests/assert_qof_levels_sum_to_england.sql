-- The registers of every level add up to England's: nobody is counted twice or lost on the way up.
with totals as (
    select
        period_label,
        source_code,
        len(regexp_extract(area_code, '^(E92|E40|E54|E38)')) > 0 as is_whole_level,
        regexp_extract(area_code, '^(E92|E40|E54|E38)') as level_prefix,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from {{ ref('int_qof__observations') }}
    group by all
)

select
    period_label,
    source_code
from totals
where is_whole_level
group by period_label, source_code
having count(distinct (numerator, denominator)) > 1

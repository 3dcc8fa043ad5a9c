-- England's headline series, whole: what a trend is drawn of. What is held is marked; what is hidden
-- has no figure.
with headline as (
    select distinct
        indicator_id, area_code, period_type, sex, age, segment, breakdown_type, breakdown, origin
    from headlines
    where framework = 'none' and area_type = 'england'
)

select
    v.indicator_id,
    v.sex,
    v.period_label,
    case when v.status in ('published', 'held') then v.value end as value,
    case when v.status in ('published', 'held') then v.lower_95 end as lower_95,
    case when v.status in ('published', 'held') then v.upper_95 end as upper_95,
    v.status,
    v.flags
from headline
inner join (from indicator_values where area_type = 'england') as v
    using (
        indicator_id, area_code, period_type, sex, age, segment, breakdown_type, breakdown, origin
    )
order by v.indicator_id, v.sex desc, v.period_start, v.period_end

-- How unequal the groups of each indicator are in England, in the newest period that says so.
select inequalities.*
from inequalities
where area_type = 'england' and status = 'published' and segment = 'all'
qualify period_end = max(period_end) over (partition by indicator_id, dimension, age)
order by
    indicator_id, dimension, age, breakdown_type, sex, period_type, period_start, origin,
    case measure when 'absolute_gap' then 1 when 'relative_gap' then 2 when 'sii' then 3 else 4 end

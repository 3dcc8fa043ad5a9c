-- How many values of each indicator are hidden at each level, and why.
select
    indicator_id,
    area_type,
    status_reason,
    count(*) as number
from indicator_values
where status = 'suppressed'
group by indicator_id, area_type, status_reason
order by indicator_id, area_type, status_reason

-- The areas of what is held, each with its periods.
select
    holds.check_id,
    holds.reason,
    holds.indicator_id,
    coalesce(areas.area_name, holds.area_code) as area,
    count(*) as number,
    count(distinct concat_ws('|', period_type, period_label)) as periods,
    arg_min(period_label, (period_start, period_end, period_type)) as first_period,
    arg_max(period_label, (period_end, period_start, period_type)) as last_period
from holds
left join areas using (area_code)
group by holds.check_id, holds.reason, holds.indicator_id, holds.area_code, areas.area_name
order by holds.check_id, holds.reason, holds.indicator_id, area, holds.area_code

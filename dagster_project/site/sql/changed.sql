-- What changed, indicator by indicator and in one way at a time; the furthest of the revised values is
-- named. Where a figure was taken back there is none to name.
select
    indicator_id,
    change,
    new_status,
    reason,
    count(*) as number,
    count(distinct area_code) as areas,
    min(period_start) as first_start,
    max(period_end) as last_end,
    arg_max(struct_pack(
        area_code := area_code, sex := sex, period_start := period_start, period_end := period_end,
        old_value := old_value, new_value := new_value, change_pct := change_pct
    ), abs(change_pct)) filter (where old_value is not null and new_value is not null) as furthest
from changes
group by indicator_id, change, new_status, reason
order by indicator_id, change, new_status, reason

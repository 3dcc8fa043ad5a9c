-- What changed, indicator by indicator, in one way and by one cause at a time; the furthest of the
-- revised values is named. Where a figure was taken back there is none to name. What is new or gone
-- is told without its cause. A release that is older than the causes has them as reasons.
with told as (
    select * replace (
        case when change in ('revised', 'status_changed') then coalesce(cause, reason) end as cause
    )
    from (
        select * from changes
        union all by name
        select cast(null as varchar) as cause where false
    )
)
select
    indicator_id,
    change,
    new_status,
    cause,
    count(*) as number,
    count(distinct area_code) as areas,
    min(period_start) as first_start,
    max(period_end) as last_end,
    arg_max(struct_pack(
        area_code := area_code, sex := sex, period_start := period_start, period_end := period_end,
        old_value := old_value, new_value := new_value, change_pct := change_pct
    ), abs(change_pct)) filter (where old_value is not null and new_value is not null) as furthest
from told
group by indicator_id, change, new_status, cause
order by indicator_id, change, new_status, cause

-- What changed, indicator by indicator, in one way and by one cause at a time; the furthest of the
-- revised values is named. Where a figure was taken back there is none to name. What is new or gone
-- is told without its cause. A release that is older than the causes has them as reasons.
with changes_of_today as (
    select * from changes
    union all by name
    select cast(null as varchar) as cause
    where false
),

told as (
    select
        * replace (
            case when change not in ('added', 'removed') then coalesce(cause, reason) end as cause
        )
    from changes_of_today
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
    arg_min(struct_pack(
        area_code := area_code, sex := sex, period_start := period_start, period_end := period_end,
        old_value := old_value, new_value := new_value, change_pct := change_pct
    -- Of several that are as far the first by what is shown of them, so that a page made again is the same.
    ), (-abs(change_pct), area_code, period_start, period_end, sex, old_value, new_value)) filter (
        where old_value is not null and new_value is not null and change_pct is not null
    ) as furthest
from told
group by indicator_id, change, new_status, cause
order by indicator_id, change, new_status, cause

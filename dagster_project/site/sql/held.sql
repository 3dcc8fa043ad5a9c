-- What is held, by the check that holds it and by indicator: in how many areas and periods, since
-- which release, and of how many values the last good one is shown.
select
    check_id,
    reason,
    indicator_id,
    count(*) as number,
    count(distinct area_code) as areas,
    count(distinct concat_ws('|', period_type, period_label)) as periods,
    arg_min(period_label, (period_start, period_end, period_type)) as first_period,
    arg_max(period_label, (period_end, period_start, period_type)) as last_period,
    string_agg(distinct held_since, ', ' order by held_since) as held_since,
    count(*) filter (where keeps_last_good_value) as kept
from holds
group by check_id, reason, indicator_id
order by check_id, reason, indicator_id

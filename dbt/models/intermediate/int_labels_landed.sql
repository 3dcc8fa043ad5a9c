-- What landed, counted by indicator and period label: a few hundred rows that stand for the many where only
-- these are asked for, which are so read once.
select
    source_id,
    source_code,
    indicator_id,
    period_label,
    area_code is null as is_without_area,
    count(*) as row_count
from {{ ref('int_observations_landed') }}
group by source_id, source_code, indicator_id, period_label, area_code is null

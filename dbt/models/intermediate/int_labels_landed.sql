-- What landed, counted by extract, indicator and period label: a few hundred rows that stand for the many where
-- only these are asked for, which are so read once. `area_given` is what stood where there is no area's code.
select
    source_id,
    extract_id,
    source_code,
    indicator_id,
    period_label,
    area_code is null as is_without_area,
    min(area_given) filter (where area_code is null) as area_given,
    count(*) as row_count
from {{ ref('int_observations_landed') }}
group by source_id, extract_id, source_code, indicator_id, period_label, area_code is null

-- One row per level that the newest period of an indicator lacks altogether, while the period before it had it
-- and other levels are there: a group of values that is expected and of which not one row came.
with levels as (
    select
        indicator_id,
        source_id,
        period_type,
        period_start,
        period_end,
        area_type,
        dense_rank() over (
            partition by indicator_id, source_id, period_type
            order by period_start desc, period_end desc
        ) as nth
    from {{ ref('evidence_periods') }}
    where area_type is not null
),

newest as (
    select distinct
        indicator_id,
        source_id,
        period_type,
        period_start,
        period_end
    from levels
    where nth = 1
),

missing as (
    select
        newest.*,
        earlier.area_type
    from newest
    inner join levels as earlier
        on
            newest.indicator_id = earlier.indicator_id
            and newest.source_id = earlier.source_id
            and newest.period_type = earlier.period_type
            and earlier.nth = 2
    anti join levels as there
        on
            there.nth = 1
            and newest.indicator_id = there.indicator_id
            and newest.source_id = there.source_id
            and newest.period_type = there.period_type
            and earlier.area_type = there.area_type
)

select
    {{ group_number() }} as group_id,
    indicator_id,
    area_type,
    period_type,
    period_start,
    period_end,
    source_id
from missing

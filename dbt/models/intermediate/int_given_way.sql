-- Where a value was recast to an area of today, those that it came from and those that it was shared out
-- of give way to it: nobody speaks twice.
select distinct
    changes.area_code,
    parts.indicator_id,
    parts.period_type,
    parts.period_start,
    parts.period_end,
    parts.sex,
    parts.age,
    parts.segment,
    parts.breakdown_type,
    parts.breakdown
from {{ ref('int_recast_parts') }} as parts
inner join {{ ref('int_recast__observations') }} as recast on {{ is_part_of('parts', 'recast') }}
inner join {{ ref('int_area_changes') }} as changes on parts.current_code = changes.current_code
where
    parts.area_tier = parts.predecessor_tier
    and recast.status = 'published'
    -- A recast value that is held or taken back speaks for nobody.
    and parts.recast_row_id not in (
        select row_id from {{ ref('int_kept_back') }}
        where status <> 'published'
    )
    and changes.area_tier = changes.predecessor_tier
    and changes.share > 0.01

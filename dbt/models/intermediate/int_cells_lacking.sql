-- Cells that a later extract lacks though an earlier one of the source had them. They keep their
-- earlier values; a publisher's silence is no deletion, and is reported. An extract that replaced
-- another is expected to have all of its cells; one that is only newer, those of the series it has.
with earlier as (
    select
        extract_order.earlier_id,
        extract_order.later_id,
        extract_order.is_replacement,
        observations.source_id,
        observations.row_id,
        hash(
            observations.indicator_id, observations.area_type, observations.period_start,
            observations.period_end, observations.sex, observations.age, observations.breakdown_type
        ) as series_id
    from {{ ref('int_extract_order') }} as extract_order
    inner join {{ ref('int_observations') }} as observations
        on extract_order.earlier_id = observations.extract_id
),

later as (
    select distinct
        observations.extract_id,
        observations.row_id,
        hash(
            observations.indicator_id, observations.area_type, observations.period_start,
            observations.period_end, observations.sex, observations.age, observations.breakdown_type
        ) as series_id
    from {{ ref('int_observations') }} as observations
    where observations.extract_id in (select later_id from {{ ref('int_extract_order') }})
),

-- Judged by the file's own layout: a source's other files speak of other things.
same_kind as (
    select earlier.*
    from earlier
    inner join {{ ref('stg_ledger__extracts') }} as before_it on earlier.earlier_id = before_it.extract_id
    inner join {{ ref('stg_ledger__extracts') }} as after_it on earlier.later_id = after_it.extract_id
    where before_it.layout_id = after_it.layout_id
)

select
    same_kind.source_id,
    same_kind.later_id,
    count(distinct same_kind.row_id) as cells
from same_kind
where
    not exists (
        select 1 from later
        where later.extract_id = same_kind.later_id and later.row_id = same_kind.row_id
    )
    and (
        same_kind.is_replacement
        or exists (
            select 1 from later
            where later.extract_id = same_kind.later_id and later.series_id = same_kind.series_id
        )
    )
group by same_kind.source_id, same_kind.later_id

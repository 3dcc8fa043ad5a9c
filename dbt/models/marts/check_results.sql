-- Every check on every group, with what came of it: a pass is a stored fact, not an absence. The
-- worst figures of an indicator and period with a withdrawn value aren't shown: one may be its.
with withdrawn as (
    select distinct
        indicator_id,
        period_type,
        period_start,
        period_end,
        true as is_withdrawn
    from {{ ref('indicator_values') }}
    where status = 'withdrawn'
)

select
    results.check_id,
    results.question,
    results.title,
    results.severity,
    results.outcome,
    results.indicator_id,
    results.area_type,
    results.period_type,
    cast(results.period_start as date) as period_start,
    cast(results.period_end as date) as period_end,
    results.source_id,
    results.tested,
    results.failed,
    case when withdrawn.is_withdrawn is null then results.observed end as observed,
    results.bound,
    results.note
from {{ source('judged', 'check_results') }} as results
left join withdrawn using (indicator_id, period_type, period_start, period_end)

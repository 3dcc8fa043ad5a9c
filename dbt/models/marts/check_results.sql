-- Every check on every group, with what came of it: a pass is a stored fact, not an absence.
select
    check_id,
    question,
    title,
    severity,
    outcome,
    indicator_id,
    area_type,
    period_type,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    source_id,
    tested,
    failed,
    observed,
    bound,
    note
from {{ source('judged', 'check_results') }}

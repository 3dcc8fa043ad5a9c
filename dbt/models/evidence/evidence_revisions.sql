-- The figures of values that moved since they were published, or are judged otherwise: nought where a
-- role gave the reason.
with found as (
    select
        row_id,
        revision_size,
        judgement_turned
    from {{ ref('evidence_moves') }}
    union all by name
    select
        row_id,
        turned_alone
    from {{ ref('evidence_turned') }}
)

select
    found.row_id,
    max(case when reasons.row_id is null then found.revision_size else found.revision_size * 0 end) as revision_size,
    max(case when reasons.row_id is null then found.judgement_turned else found.judgement_turned * 0 end)
        as judgement_turned,
    max(case when reasons.row_id is null then found.turned_alone else found.turned_alone * 0 end) as turned_alone
from found
left join {{ ref('evidence_reasons') }} as reasons on found.row_id = reasons.row_id
group by found.row_id

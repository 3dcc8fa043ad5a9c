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
    {% for figure in ['revision_size', 'judgement_turned', 'turned_alone'] -%}
        max(case when reasons.row_id is null or {{ figure }} is null then {{ figure }} else 0.0 end) as {{ figure }}
        {{- ',' if not loop.last }}
    {% endfor %}
from found
left join {{ ref('evidence_reasons') }} as reasons on found.row_id = reasons.row_id
group by found.row_id

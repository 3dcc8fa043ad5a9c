-- One row per value that moved or was judged otherwise, and for which a role gave a reason: which. A reason
-- is for what it was given for: a move away from that release, by values of those extracts. What comes
-- later asks anew.
with asked as (
    select row_id from {{ ref('evidence_moves') }}
    union
    select row_id from {{ ref('evidence_turned') }}
)

select
    asked.row_id,
    min(reasons.reason_number) as reason_number
from asked
inner join {{ ref('candidate_values') }} as candidates on asked.row_id = candidates.row_id
inner join {{ ref('stg_ledger__extracts') }} as extracts on candidates.extract_id = extracts.extract_id
cross join {{ source('run', 'last_release') }} as last_release
left join {{ source('run', 'last_good') }} as last_good on asked.row_id = last_good.row_id
inner join {{ source('run', 'revision_reasons') }} as reasons
    on
        list_contains(reasons.extracts, extracts.sha256)
        and list_contains(reasons.away_from, coalesce(last_good.release_id, last_release.release_id))
        {% for column in key_columns() + ['period_label', 'source_id'] %}
            and (
                reasons.{{ column }} is null
                or reasons.{{ column }} = cast(candidates.{{ column }} as varchar)
            )
        {% endfor %}
group by asked.row_id

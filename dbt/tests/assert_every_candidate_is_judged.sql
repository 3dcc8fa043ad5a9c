-- Each value that might be published is counted in a group that is judged; that the evidence has a row for each
-- of them, the judging itself looks. Returns the two counts where they differ.
with candidates as (
    select count(*) as row_count
    from {{ ref('candidate_values') }}
),

evidence as (
    select sum(n_rows) as row_count
    from {{ ref('evidence_groups') }}
)

select
    candidates.row_count as candidates,
    evidence.row_count as judged
from candidates
cross join evidence
where candidates.row_count is distinct from coalesce(evidence.row_count, 0)

-- Which values failed a check that may hold them: those that it named, and all of a group where the
-- judging couldn't name them (it failed more values than it lists, or the check broke).
with groups_failed as (
    select
        group_id,
        check_id,
        outcome = 'error' as is_broken
    from {{ source('judged', 'check_results') }}
    where reach = 'group' and outcome in ('fail', 'error')
)

select
    row_id,
    check_id,
    false as is_broken
from {{ source('judged', 'failures') }}
where reach not in ('nothing', 'group')
union
select
    evidence_rows.row_id,
    groups_failed.check_id,
    groups_failed.is_broken
from {{ ref('evidence_rows') }} as evidence_rows
inner join groups_failed using (group_id)

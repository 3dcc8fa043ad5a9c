-- Which values are held, and by which checks: those that failed one, and all of a group where the
-- judging couldn't name them (a check that broke, or failed more values than it lists).
with groups_held as (
    select
        group_id,
        check_id
    from {{ source('judged', 'check_results') }}
    where reach = 'group' and outcome in ('fail', 'error')
),

held as (
    select
        row_id,
        check_id
    from {{ source('judged', 'failures') }}
    where reach not in ('nothing', 'group')
    union
    select
        evidence_rows.row_id,
        groups_held.check_id
    from {{ ref('evidence_rows') }} as evidence_rows
    inner join groups_held using (group_id)
)

select * from held
union
select
    recast.row_id,
    held.check_id
from held
inner join {{ ref('int_recast_parts') }} as parts on held.row_id = parts.row_id
inner join {{ ref('int_recast__observations') }} as recast on {{ is_part_of('parts', 'recast') }}
where recast.status = 'published'

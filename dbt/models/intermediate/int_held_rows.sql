-- Which values are held, and by which checks: those that failed one, save where a waiver in force lets
-- that check's failure through; and with them what was added up from them. A check that broke has told
-- nothing that could be waived.
with waived as (
    select
        failed.row_id,
        failed.check_id
    from {{ ref('int_failed_rows') }} as failed
    inner join {{ source('run', 'waivers') }} as waivers on failed.check_id = waivers.check_id
    inner join {{ ref('candidate_values') }} as candidates
        on
            failed.row_id = candidates.row_id
            {% for column in key_columns() + ['period_label'] %}
                and (
                    waivers.{{ column }} is null
                    or waivers.{{ column }} = cast(candidates.{{ column }} as varchar)
                )
            {% endfor %}
    where not failed.is_broken
),

held as (
    select distinct
        failed.row_id,
        failed.check_id
    from {{ ref('int_failed_rows') }} as failed
    anti join waived on failed.row_id = waived.row_id and failed.check_id = waived.check_id
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

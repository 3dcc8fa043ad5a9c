-- One row per value that is held, and check that holds it; there even when nothing is held.
select
    indicator_values.indicator_id,
    indicator_values.area_type,
    indicator_values.area_code,
    indicator_values.period_type,
    indicator_values.period_start,
    indicator_values.period_end,
    indicator_values.period_label,
    indicator_values.sex,
    indicator_values.age,
    indicator_values.segment,
    indicator_values.breakdown_type,
    indicator_values.breakdown,
    indicator_values.origin,
    indicator_values.source_id,
    failures.check_id,
    any_value(results.title) as reason,
    indicator_values.held_since,
    indicator_values.value is not null as keeps_last_good_value,
    any_value(
        case
            when indicator_values.value is not null
                then coalesce(last_good.release_id, last_release.release_id)
        end
    ) as last_good_release
from {{ ref('int_held_rows') }} as failures
inner join {{ ref('candidate_values') }} as candidates on candidates.row_id = failures.row_id
inner join {{ ref('indicator_values') }} as indicator_values
    on {{ same_key('indicator_values', 'candidates') }}
left join (select distinct
    check_id,
    title
from {{ source('judged', 'check_results') }}) as results
    on results.check_id = failures.check_id
left join {{ source('run', 'last_release') }} as last_release on true
left join {{ source('run', 'last_good') }} as last_good on last_good.row_id = failures.row_id
where indicator_values.status = 'held'
group by all

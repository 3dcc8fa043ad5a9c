{{ config(materialized='view') }}

{% set figures = ['value', 'lower_95', 'upper_95', 'lower_998', 'upper_998', 'numerator', 'denominator'] %}

-- What this release says of every key: the verdict applied, the last good value kept where today's
-- is held. Precedence: withdrawn, suppressed, held, published.
with holds as (
    select
        row_id,
        min(check_id) as check_id
    from {{ ref('int_held_rows') }}
    group by row_id
),

withdrawn_directly as (
    select candidates.row_id
    from {{ ref('candidate_values') }} as candidates
    inner join {{ source('run', 'withdrawn_keys') }} as keys
        on
    {% for column in key_columns() + ['period_label'] %}
            (
                keys.{{ column }} is null or keys.{{ column }} = cast(candidates.{{ column }} as varchar)
            ){{ ' and' if not loop.last }}

    {% endfor %}
    group by candidates.row_id
),

-- With a value is taken back what was added up from it, which may be the same figure.
withdrawn as (
    select row_id from withdrawn_directly
    union
    select recast.row_id
    from withdrawn_directly
    inner join {{ ref('int_recast_parts') }} as parts on withdrawn_directly.row_id = parts.row_id
    inner join {{ ref('int_recast__observations') }} as recast on {{ is_part_of('parts', 'recast') }}
),

-- Only what isn't simply published needs its past; the rest never meets this join.
set_back as (
    select row_id from holds
    union
    select row_id from withdrawn
),

past as (
    select
        candidates.row_id,
        previous.* exclude ({{ key_list() }})
    from {{ ref('candidate_values') }} as candidates
    semi join set_back on set_back.row_id = candidates.row_id
    inner join {{ source('run', 'previous_values') }} as previous
        on {{ same_key('previous', 'candidates') }}
),

verdicts as (
    select
        set_back.row_id,
        case
            when withdrawn.row_id is not null then 'withdrawn'
            when past.status = 'suppressed' then 'suppressed'
            else 'held'
        end as status,
        case
            when withdrawn.row_id is not null then 'withdrawn'
            when past.status = 'suppressed' then past.status_reason
            else holds.check_id
        end as status_reason,
        case
            when withdrawn.row_id is null and past.status in ('published', 'held') and past.value is not null
                then past
        end as last_good,
        case
            when withdrawn.row_id is null and coalesce(past.status, '') <> 'suppressed'
                then coalesce(past.held_since, context.release_id)
        end as held_since
    from set_back
    left join holds using (row_id)
    left join withdrawn using (row_id)
    left join past using (row_id)
    cross join {{ source('run', 'context') }} as context
),

-- Nearly all values pass: they meet no join, which at millions of rows would cost more than all else.
passed as (
    select
        candidates.*,
        cast(null as varchar) as held_since
    from {{ ref('candidate_values') }} as candidates
    anti join set_back on candidates.row_id = set_back.row_id
),

kept_back as (
    select
        candidates.* exclude (status, status_reason, {{ figures | join(', ') }}),
        {% for figure in figures -%}
            case when candidates.status <> 'suppressed' then verdicts.last_good.{{ figure }} end as {{ figure }},
        {% endfor -%}
        case
            when candidates.status = 'suppressed' and verdicts.status <> 'withdrawn' then 'suppressed'
            else verdicts.status
        end as status,
        case
            when candidates.status = 'suppressed' and verdicts.status <> 'withdrawn' then candidates.status_reason
            else verdicts.status_reason
        end as status_reason,
        case when candidates.status <> 'suppressed' then verdicts.held_since end as held_since
    from {{ ref('candidate_values') }} as candidates
    inner join verdicts on candidates.row_id = verdicts.row_id
),

this_release as (
    select
        any_value(release_id) as release_id,
        any_value(is_synthetic) as is_synthetic,
        (select coalesce(list(source_id), []) from {{ source('run', 'stale_sources') }}) as stale_sources
    from {{ source('run', 'context') }}
)

select
    judged.indicator_id,
    judged.definition_version,
    coalesce(judged.area_type, 'unknown') as area_type,
    judged.area_code,
    judged.period_type,
    judged.period_start,
    judged.period_end,
    judged.period_label,
    judged.sex,
    judged.age,
    judged.segment,
    judged.breakdown_type,
    judged.breakdown,
    judged.population_basis,
    {% for figure in figures -%}
        judged.{{ figure }},
    {% endfor -%}
    judged.unit,
    judged.method,
    judged.status,
    judged.status_reason,
    judged.held_since,
    list_filter(
        [
            case when judged.is_recast_area then 'recast_area' end,
            case when judged.is_combined_area then 'combined_area' end,
            case when list_contains(this_release.stale_sources, judged.source_id) then 'stale' end,
            case when this_release.is_synthetic then 'synthetic' end
        ],
        lambda flag: flag is not null
    ) as flags,
    judged.origin,
    judged.source_id
from (
    select * from passed
    union all by name
    select * from kept_back
) as judged
cross join this_release

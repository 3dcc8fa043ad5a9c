{{ config(materialized='view') }}

-- What this release says of every key: the verdict applied, the last good value kept where today's
-- is held. Precedence: withdrawn, suppressed, held, published.
with holds as (
    select
        row_id,
        min(check_id) as check_id
    from {{ ref('int_held_rows') }}
    group by row_id
),

withdrawn as (
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
)

select
    candidates.indicator_id,
    candidates.definition_version,
    coalesce(candidates.area_type, 'unknown') as area_type,
    candidates.area_code,
    candidates.period_type,
    candidates.period_start,
    candidates.period_end,
    candidates.period_label,
    candidates.sex,
    candidates.age,
    candidates.segment,
    candidates.breakdown_type,
    candidates.breakdown,
    candidates.population_basis,
    {% for figure in ['value', 'lower_95', 'upper_95', 'lower_998', 'upper_998', 'numerator', 'denominator'] -%}
        case when verdicts.row_id is null then candidates.{{ figure }} else verdicts.last_good.{{ figure }} end
            as {{ figure }},
    {% endfor -%}
    candidates.unit,
    candidates.method,
    case
        when verdicts.status = 'withdrawn' then 'withdrawn'
        when candidates.status = 'suppressed' then 'suppressed'
        else coalesce(verdicts.status, candidates.status)
    end as status,
    case
        when verdicts.status = 'withdrawn' then 'withdrawn'
        when candidates.status = 'suppressed' then candidates.status_reason
        when verdicts.row_id is not null then verdicts.status_reason
        else candidates.status_reason
    end as status_reason,
    case when candidates.status <> 'suppressed' then verdicts.held_since end as held_since,
    list_filter(
        [
            case when candidates.is_recast_area then 'recast_area' end,
            case when stale_sources.source_id is not null then 'stale' end,
            case when context.is_synthetic then 'synthetic' end
        ],
        lambda flag: flag is not null
    ) as flags,
    candidates.origin,
    candidates.source_id
from {{ ref('candidate_values') }} as candidates
cross join {{ source('run', 'context') }} as context
left join verdicts on candidates.row_id = verdicts.row_id
left join {{ source('run', 'stale_sources') }} as stale_sources
    on candidates.source_id = stale_sources.source_id

{{ config(post_hook="{{ write_told_lists(this) }}") }}

{% set figures = ['value', 'lower_95', 'upper_95', 'lower_998', 'upper_998', 'numerator', 'denominator'] %}
{% set of_figures = ['source_id', 'definition_version', 'unit', 'method'] %}

-- The values that aren't simply passed on, few of many, as this release shows them: held with their
-- last good figures, suppressed, or taken back; and the first of their series after a break. Precedence:
-- withdrawn, suppressed, held. Kept as a table: the view over all values, read many times, then reads
-- the many rows once each time.
with holds as (
    select
        row_id,
        min(check_id) as check_id
    from {{ ref('int_held_rows') }}
    group by row_id
),

withdrawn as (
    select row_id from {{ ref('int_withdrawn_rows') }}
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

apart as (
    select
        row_id,
        verdicts.status,
        verdicts.status_reason,
        verdicts.last_good,
        verdicts.held_since,
        verdicts.row_id is not null as is_set_back,
        broken.row_id is not null as is_broken
    from verdicts
    full join {{ ref('int_broken_rows') }} as broken using (row_id)
)

select
    candidates.* exclude (status, status_reason, {{ (figures + of_figures) | join(', ') }}),
    {% for figure in figures -%}
        case
            when not apart.is_set_back then candidates.{{ figure }}
            when candidates.status <> 'suppressed' then apart.last_good.{{ figure }}
        end as {{ figure }},
    {% endfor -%}
    -- What is said of the figures is said of those that are shown.
    {% for column in of_figures -%}
        case
            when apart.is_set_back and candidates.status <> 'suppressed' and apart.last_good is not null
                then apart.last_good.{{ column }}
            else candidates.{{ column }}
        end as {{ column }},
    {% endfor -%}
    case
        when not apart.is_set_back then candidates.status
        when candidates.status = 'suppressed' and apart.status <> 'withdrawn' then 'suppressed'
        else apart.status
    end as status,
    case
        when not apart.is_set_back then candidates.status_reason
        when candidates.status = 'suppressed' and apart.status <> 'withdrawn' then candidates.status_reason
        else apart.status_reason
    end as status_reason,
    case when candidates.status <> 'suppressed' then apart.held_since end as held_since,
    apart.is_broken
from {{ ref('candidate_values') }} as candidates
inner join apart on candidates.row_id = apart.row_id

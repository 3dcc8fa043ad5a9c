-- What the checks found and who is to see to it: one row a check, indicator, source and outcome, as long
-- as it is found. `since` tells a new finding from one that was there before.
with found as (
    select
        check_id,
        outcome,
        indicator_id,
        source_id,
        any_value(title) as title,
        any_value(severity) as severity,
        any_value(owner) as owner_kind,
        count(*) as groups_found,
        cast(coalesce(sum(failed), 0) as bigint) as values_found,
        cast(min(period_start) as date) as first_period_start,
        cast(max(period_end) as date) as last_period_end
    from {{ source('judged', 'check_results') }}
    where outcome in ('pass with failures', 'fail', 'error')
    group by check_id, outcome, indicator_id, source_id
),

owned as (
    select
        found.*,
        case found.owner_kind
            when 'indicator' then indicators.owner
            when 'source' then sources.owner
            else found.owner_kind
        end as owner
    from found
    left join {{ ref('int_indicators') }} as indicators on found.indicator_id = indicators.indicator_id
    left join {{ ref('sources') }} as sources on found.source_id = sources.source_id
)

select
    owned.check_id,
    owned.indicator_id,
    owned.source_id,
    owned.outcome,
    owned.title,
    owned.severity,
    owned.owner,
    owners.mailbox,
    owned.groups_found,
    owned.values_found,
    owned.first_period_start,
    owned.last_period_end,
    coalesce(previous.since, context.release_id) as since
from owned
left join {{ ref('owners') }} as owners on owned.owner = owners.owner_id
left join {{ source('run', 'previous_findings') }} as previous
    on
        owned.check_id = previous.check_id
        and owned.indicator_id = previous.indicator_id
        and owned.source_id = previous.source_id
        and owned.outcome = previous.outcome
cross join {{ source('run', 'context') }} as context

-- What the checks found and who is to see to it: one row a check, indicator, source and outcome, as long
-- as it is found. `since` tells a new finding from one that was there before. `area_codes` names no area
-- whose value is hidden: that a check found something in it would be told of it.
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

-- Checks that more rows fail than are listed: an example a group is, which would pass for all areas.
capped as (
    select distinct check_id
    from {{ source('judged', 'check_results') }}
    where note like 'capped:%'
),

-- Rows that fail, where their value is shown; and the areas that a check itself lists as missing.
places as (
    select
        failures.check_id,
        shown.indicator_id,
        shown.source_id,
        shown.area_code
    from {{ source('judged', 'failures') }} as failures
    inner join {{ ref('candidate_values') }} as candidates on failures.row_id = candidates.row_id
    inner join {{ ref('indicator_values') }} as shown on {{ same_key('shown', 'candidates') }}
    left join capped on failures.check_id = capped.check_id
    where shown.status in ('published', 'held') and capped.check_id is null
    union
    -- Such a check tells no more than the first of them: of its group, evidence has them all.
    select
        results.check_id,
        results.indicator_id,
        results.source_id,
        missing.area_code
    from {{ source('judged', 'check_results') }} as results
    inner join {{ ref('published_areas') }} as told on split_part(results.note, ', ', 1) = told.area_code
    inner join {{ ref('evidence_missing_areas') }} as missing on results.group_id = missing.group_id
    where results.outcome in ('pass with failures', 'fail')
),

placed as (
    select
        check_id,
        indicator_id,
        source_id,
        list_sort(list(area_code)) as area_codes
    from places
    group by check_id, indicator_id, source_id
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
    coalesce(placed.area_codes, cast([] as varchar[])) as area_codes,
    coalesce(previous.since, context.release_id) as since
from owned
left join {{ ref('owners') }} as owners on owned.owner = owners.owner_id
left join placed
    on
        owned.check_id = placed.check_id
        and owned.indicator_id = placed.indicator_id
        and owned.source_id = placed.source_id
left join {{ source('run', 'previous_findings') }} as previous
    on
        owned.check_id = previous.check_id
        and owned.indicator_id = previous.indicator_id
        and owned.source_id = previous.source_id
        and owned.outcome = previous.outcome
cross join {{ source('run', 'context') }} as context

-- One row per value that others have something to say of: what it was before, what its parts come to,
-- what another source or a population estimate says, what was last published. So the rows meet all of
-- them in one join.
with said as (
    select
        row_id,
        parts_gap,
        beyond_parts,
        whole_is_part
    from {{ ref('evidence_wholes') }}
    union all by name
    select
        row_id,
        contradiction
    from {{ ref('evidence_contradictions') }}
    union all by name
    select
        row_id,
        exchange_gain
    from {{ ref('evidence_exchanges') }}
    union all by name
    select
        row_id,
        misnamed
    from {{ ref('evidence_misnamed') }}
    union all by name
    select
        row_id,
        route_gap
    from {{ ref('evidence_routes') }}
    union all by name
    select
        row_id,
        population_excess
    from {{ ref('evidence_populations') }}
    union all by name
    select
        row_id,
        revision_size,
        judgement_turned,
        turned_alone
    from {{ ref('evidence_revisions') }}
),

-- Of most there is only what they were before, one row each: these aren't grouped.
beside as (
    select
        row_id,
        max(parts_gap) as parts_gap,
        max(beyond_parts) as beyond_parts,
        max(whole_is_part) as whole_is_part,
        max(contradiction) as contradiction,
        max(exchange_gain) as exchange_gain,
        max(misnamed) as misnamed,
        max(route_gap) as route_gap,
        max(population_excess) as population_excess,
        max(revision_size) as revision_size,
        max(judgement_turned) as judgement_turned,
        max(turned_alone) as turned_alone
    from said
    group by row_id
)

select
    coalesce(changes.row_id, beside.row_id) as row_id,
    changes.change_in_errors,
    changes.denominator_change,
    beside.* exclude (row_id)
from {{ ref('evidence_changes') }} as changes
full join beside on changes.row_id = beside.row_id

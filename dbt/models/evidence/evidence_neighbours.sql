-- One row per value that others have something to say of: what it was before, what its parts come to,
-- what another source or a population estimate says, what was last published. So the rows meet all of
-- them in one join.
with said as (
    select
        row_id,
        change_in_errors,
        denominator_change
    from {{ ref('evidence_changes') }}
    union all by name
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
)

select
    row_id,
    max(change_in_errors) as change_in_errors,
    max(denominator_change) as denominator_change,
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

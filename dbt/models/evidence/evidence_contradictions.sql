{% set beside = key_columns() + ['source_id'] %}

-- One row per value that is a member of sums which don't add up: how plainly it is the one to blame. A sum
-- that is off says that one of its members is wrong and not which. A value that two sums contradict,
-- over sexes and over areas, is the one. Where no area's sum speaks, it is the one of three that left its
-- own past while the others didn't.
with off as (
    select
        row_id,
        kind,
        parts_gap,
        coalesce(whole_is_part, 0) as whole_is_part,
        false as is_by_chance
    from {{ ref('evidence_wholes') }}
    where parts_gap > 0
    union all
    -- Where areas are hidden, the others leave over what those hold. As long as the same are hidden, that moves
    -- by chance alone from one period to the next: five standard errors of both counts.
    select
        now.row_id,
        now.kind,
        abs(now.left_over - before.left_over)
        / (1 + 5 * sqrt(greatest(now.left_over, 0.0) + greatest(before.left_over, 0.0))) as parts_gap,
        0 as whole_is_part,
        true as is_by_chance
    from {{ ref('evidence_wholes') }} as now
    inner join {{ ref('evidence_changes') }} as changes on now.row_id = changes.row_id
    inner join {{ ref('evidence_wholes') }} as before
        on
            changes.row_id_before = before.row_id
            and now.kind = before.kind
            and now.hidden_areas = before.hidden_areas
),

failing as (
    select
        off.kind,
        off.parts_gap,
        off.whole_is_part,
        candidates.*
    from off
    inner join {{ ref('candidate_values') }} as candidates on off.row_id = candidates.row_id
    where off.parts_gap > case when off.is_by_chance then 1 else 0 end
),

members as (
    select
        candidates.row_id,
        failing.row_id as whole_id,
        'sex' as side,
        failing.parts_gap
    from failing
    inner join {{ ref('candidate_values') }} as candidates
        on
            candidates.sex in ('Persons', 'Male', 'Female')
            {% for column in beside if column != 'sex' -%}
                and failing.{{ column }} = candidates.{{ column }}
            {% endfor %}
    where failing.kind = 'sex'
    union all
    select
        candidates.row_id,
        failing.row_id as whole_id,
        'area' as side,
        failing.parts_gap
    from failing
    inner join {{ ref('candidate_values') }} as candidates
        on
            failing.kind = candidates.area_type
            {% for column in beside if column != 'area_code' -%}
                and failing.{{ column }} = candidates.{{ column }}
            {% endfor %}
    left join {{ ref('int_areas') }} as areas on candidates.area_code = areas.area_code
    where failing.area_type = 'england' or failing.area_code = areas.region_code
    union all
    select
        row_id,
        row_id as whole_id,
        'area' as side,
        parts_gap
    from failing
    where kind <> 'sex'
),

from_two_sides as (
    select
        row_id,
        least(
            max(parts_gap) filter (where side = 'sex'),
            max(parts_gap) filter (where side = 'area')
        ) as contradiction
    from members
    group by row_id
    having count(distinct side) = 2
),

-- Sums over the sexes that nothing else speaks to, and that held in the period before: where some people have
-- no sex recorded, a sum is off each time.
open_sums as (
    select
        failing.row_id as whole_id,
        failing.parts_gap - before.parts_gap as parts_gap
    from failing
    inner join {{ ref('evidence_changes') }} as changes on failing.row_id = changes.row_id
    inner join {{ ref('evidence_wholes') }} as before
        on changes.row_id_before = before.row_id and before.kind = 'sex'
    where
        failing.kind = 'sex'
        -- Where both sexes' figures are those of one, it is plain which is wrong.
        and failing.whole_is_part = 0
        and failing.row_id not in (
            select members.whole_id
            from members
            semi join from_two_sides on members.row_id = from_two_sides.row_id
        )
),

pasts as (
    select
        members.row_id,
        open_sums.parts_gap,
        changes.change_in_errors,
        max(changes.change_in_errors) over (partition by members.whole_id) as largest,
        count(*) over (partition by members.whole_id) as n_members
    from members
    inner join open_sums on members.whole_id = open_sums.whole_id and members.side = 'sex'
    inner join {{ ref('evidence_changes') }} as changes on members.row_id = changes.row_id
    where changes.change_in_errors is not null
),

-- The one that left its past the furthest, and with it those that aren't a standard error closer to theirs:
-- which of them is wrong can't be told.
of_three as (
    select
        row_id,
        least(parts_gap, 2 - (largest - change_in_errors)) as contradiction
    from pasts
    where n_members = 3
),

blamed as (
    select * from from_two_sides
    union all
    select * from of_three
)

select
    row_id,
    max(contradiction) as contradiction
from blamed
group by row_id

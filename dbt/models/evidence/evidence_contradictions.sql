{% set beside = key_columns() + ['source_id'] %}

-- One row per value that is a member of sums which don't add up: how plainly it is the one to blame. A sum
-- that is off says that one of its members is wrong and not which. A value that two sums contradict,
-- over sexes and over areas, is the one; and so is the one of three that left its own past while
-- the others didn't.
with failing as (
    select
        wholes.kind,
        wholes.parts_gap,
        candidates.*
    from {{ ref('evidence_wholes') }} as wholes
    inner join {{ ref('candidate_values') }} as candidates on wholes.row_id = candidates.row_id
    where wholes.parts_gap > 0
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

pasts as (
    select
        members.row_id,
        members.whole_id,
        members.parts_gap,
        changes.change_in_errors
    from members
    inner join {{ ref('evidence_changes') }} as changes on members.row_id = changes.row_id
    where members.side = 'sex' and changes.change_in_errors is not null
),

of_three as (
    select
        whole_id,
        arg_max(row_id, change_in_errors) as row_id,
        any_value(parts_gap) as parts_gap,
        max(change_in_errors) as largest,
        median(change_in_errors) as next_largest
    from pasts
    group by whole_id
    having count(*) = 3
),

blamed as (
    select * from from_two_sides
    union all
    select
        row_id,
        least(parts_gap, largest - next_largest) as contradiction
    from of_three
)

select
    row_id,
    max(contradiction) as contradiction
from blamed
group by row_id

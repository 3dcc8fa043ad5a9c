-- Which area came of which, directly or in steps. `link` is whole where the one simply took the
-- place of the other, part where land was shared out or put together with that of others.
with recursive steps as (
    select
        areas.area_code as earlier_code,
        areas.area_type as earlier_type,
        unnest(string_split(areas.successor_codes, '|')) as later_code
    from {{ ref('int_areas') }} as areas
    where areas.successor_codes is not null
),

counted as (
    select
        *,
        count(*) over (partition by earlier_code) = 1
        -- A county and its districts end in one unitary: each counts among those of its own tier.
        and count(*) over (partition by later_code, earlier_type) = 1 as is_whole
    from steps
),

lines as (
    select
        earlier_code,
        later_code,
        is_whole,
        1 as step
    from counted
    union all
    select
        lines.earlier_code,
        counted.later_code,
        lines.is_whole and counted.is_whole as is_whole,
        lines.step + 1 as step
    from lines
    inner join counted on lines.later_code = counted.earlier_code
    where lines.step < 10
)

select
    earlier_code,
    later_code,
    case when bool_and(is_whole) then 'whole' else 'part' end as link
from lines
group by earlier_code, later_code

-- A value recast to today's area is the sum of its parts, stands only where the publisher has none, and
-- no area is a part of two of them in one tier: so that a total over today's areas counts nobody twice.
with recast as (
    select *
    from {{ ref('int_recast__observations') }}
    where status = 'published'
),

parts as (
    select parts.*
    from {{ ref('int_recast_parts') }} as parts
    inner join recast on {{ is_part_of('parts', 'recast') }}
)

select
    'not the sum of its parts' as mistake,
    recast.row_id
from recast
left join (
    select
        recast_row_id,
        origin,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from parts
    group by recast_row_id, origin
) as sums
    on
        recast.row_id = sums.recast_row_id
        and abs(recast.numerator - sums.numerator) <= 1e-9 * greatest(1, abs(sums.numerator))
        and abs(recast.denominator - sums.denominator) <= 1e-9 * greatest(1, abs(sums.denominator))
where sums.recast_row_id is null
union all
select
    'a part of two areas of today' as mistake,
    row_id
from parts
group by area_tier, predecessor_tier, row_id
having count(distinct current_code) > 1
union all
select
    'beside the publisher''s own' as mistake,
    recast.row_id
from recast
inner join (
    -- Words of the lists that the many have, so that these aren't spelled out.
    select
        recast_row_id,
        {{ as_words('current_code', 'area_code') }} as current_code,
        {{ key_as_words(but=['area_code', 'origin']) }}
    from parts
) as parts on recast.row_id = parts.recast_row_id
inner join {{ ref('int_observations') }} as own
    on
        parts.current_code = own.area_code
        {% for column in key_columns() if column not in ('area_code', 'origin') -%}
            and parts.{{ column }} = own.{{ column }}
        {% endfor -%}
        and own.origin = 'published'
        and own.status <> 'not_available'

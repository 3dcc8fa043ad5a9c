-- Which values were taken back: those that a withdrawn key names, and with them what was added up from
-- them, which may be the same figure. A key always names an indicator and an area.
with named as (
    select candidates.row_id
    from {{ ref('candidate_values') }} as candidates
    inner join {{ source('run', 'withdrawn_keys') }} as keys
        on
            candidates.indicator_id = keys.indicator_id
            and candidates.area_code = keys.area_code
            {% for column in key_columns() + ['period_label'] if column not in ('indicator_id', 'area_code') %}
                and (keys.{{ column }} is null or keys.{{ column }} = cast(candidates.{{ column }} as varchar))
            {% endfor %}
)

select row_id from named
union
select recast.row_id
from named
inner join {{ ref('int_recast_parts') }} as parts on named.row_id = parts.row_id
inner join {{ ref('int_recast__observations') }} as recast on {{ is_part_of('parts', 'recast') }}

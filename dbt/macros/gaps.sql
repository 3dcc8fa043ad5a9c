{# Gap between two independent values: two rows a row of `relation`, with `measure` absolute_gap (the
   second less the first) and relative_gap (the second over the first).

   `relation` has first_ and second_ before each of value, lower_95, upper_95, lower_998, upper_998.
   `with_limits`: an expression that is false where the two were picked by their values, since then
   their limits say nothing of the gap. Limits are those of the two values, squared and added
   (Newcombe 1998; Zou & Donner 2008); of the ratio on logarithms. #}
{% macro method_gap(relation, keys, with_limits='true') %}
{%- set figures = ['value', 'lower_95', 'upper_95', 'lower_998', 'upper_998'] -%}
with gap_rows as (
    select
        {{ listed(keys) }}
        {%- for side in ['first', 'second'] %}{% for figure in figures %}
        {{ finite(side ~ '_' ~ figure) }} as {{ side }}_{{ figure }},
        {%- endfor %}{% endfor %}
        coalesce({{ with_limits }}, false) as with_limits
    from {{ relation }}
),

gap_measures as (
    select
        {{ listed(keys) }}
        'absolute_gap' as measure,
        second_value - first_value as value,
        {%- for level in ['95', '998'] %}
        case when with_limits then second_value - first_value - {{ squared_and_added('second', 'lower', 'first', 'upper', level) }} end
            as lower_{{ level }},
        case when with_limits then second_value - first_value + {{ squared_and_added('second', 'upper', 'first', 'lower', level) }} end
            as upper_{{ level }},
        {%- endfor %}
        case when first_value is null or second_value is null then 'group_missing' end as refusal
    from gap_rows
    union all
    select
        {{ listed(keys) }}
        'relative_gap',
        second_value / first_value,
        {%- for level in ['95', '998'] %}
        -- Where a limit is nought or less the ratio's has no logarithm, and isn't given.
        {%- set positive = ('least(first_value, second_value, first_lower_' ~ level ~ ', second_lower_' ~ level ~ ') > 0') %}
        case when with_limits and {{ positive }} then
            second_value / first_value / exp({{ squared_and_added('second', 'lower', 'first', 'upper', level, 'ln') }})
        end,
        case when with_limits and {{ positive }} then
            second_value / first_value * exp({{ squared_and_added('second', 'upper', 'first', 'lower', level, 'ln') }})
        end,
        {%- endfor %}
        case
            when first_value is null or second_value is null then 'group_missing'
            when first_value <= 0 or second_value < 0 then 'reference_is_nought'
        end
    from gap_rows
)

select
    {{ listed(keys) }}
    measure,
    {%- for figure in figures %}
    case when status_reason is null then {{ finite(figure) }} end as {{ figure }},
    {%- endfor %}
    {{ refusal_status('status_reason') }} as status,
    status_reason
from (
    select
        *,
        case
            when refusal is not null then refusal
            when not coalesce(isfinite(value), false) then 'impossible_figure'
        end as status_reason
    from gap_measures
)
{% endmacro %}

{# How far a limit of the gap is from it. NULL where one of the two limits is missing. #}
{% macro squared_and_added(one, limit, other, other_limit, level, scale='') -%}
    sqrt(
        power({{ scale }}({{ one }}_value) - {{ scale }}({{ one }}_{{ limit }}_{{ level }}), 2)
        + power({{ scale }}({{ other }}_value) - {{ scale }}({{ other }}_{{ other_limit }}_{{ level }}), 2)
    )
{%- endmacro %}

{# How many decimals the most precise of the values in a window has: 42.0 may be one that ends in 0. #}
{% macro decimals_given(value, columns) -%}
    max(length(rtrim(split_part(printf('%.8f', {{ value }}), '.', 2), '0'))) over ({{ partition_of(columns) }})
{%- endmacro %}

{# Half a unit of the last decimal: how far rounding can have moved a value. #}
{% macro half_a_unit(decimals) -%}
    0.5 * power(cast(10 as double), -{{ decimals }})
{%- endmacro %}

{# True where two values are no further apart than rounding can have moved one of them. A figure that
   ends in 5 may have been rounded either way. #}
{% macro same_but_for_rounding(value, other, rounding) -%}
    abs({{ value }} - {{ other }}) <= {{ rounding }} * (1 + 1e-6) + 1e-12 * abs({{ value }})
{%- endmacro %}

{# How a count of one publication stands to the other's, in the words of mirror_causes. #}
{% macro count_beside(count, other) -%}
    case
        when {{ count }} is null or {{ other }} is null then 'unknown'
        when {{ count }} = {{ other }} then 'same'
        when {{ count }} < {{ other }} then 'lower'
        else 'higher'
    end
{%- endmacro %}

{# True where a cell of mirror_causes speaks of what was seen. #}
{% macro cause_fits(cell, seen) -%}
    (
        {{ cell }} in ('any', {{ seen }})
        or ({{ cell }} = 'differs' and {{ seen }} in ('lower', 'higher'))
    )
{%- endmacro %}

{# The standard normal quantiles for 95% and 99.8% limits: 1 - 0.05/2 and 1 - 0.002/2. #}
{% macro z95() %}cast(1.959963984540054 as double){% endmacro %}
{% macro z998() %}cast(3.090232306167813 as double){% endmacro %}

{# What each of the two limits leaves beyond it. #}
{% macro tail95() %}cast(0.025 as double){% endmacro %}
{% macro tail998() %}cast(0.001 as double){% endmacro %}

{# Wilson (1927) limits of a proportion x/n, as a proportion. NULL where n is 0 or x exceeds n. #}
{% macro wilson_lower(x, n, z) -%}
    case
        when {{ n }} > 0 and {{ x }} between 0 and {{ n }} then greatest(0.0, (
            2 * {{ x }} + {{ z }} * {{ z }}
            - {{ z }} * sqrt({{ z }} * {{ z }} + 4 * {{ x }} * (1 - {{ x }} / {{ n }}))
        ) / (2 * ({{ n }} + {{ z }} * {{ z }})))
    end
{%- endmacro %}

{% macro wilson_upper(x, n, z) -%}
    case
        when {{ n }} > 0 and {{ x }} between 0 and {{ n }} then least(1.0, (
            2 * {{ x }} + {{ z }} * {{ z }}
            + {{ z }} * sqrt({{ z }} * {{ z }} + 4 * {{ x }} * (1 - {{ x }} / {{ n }}))
        ) / (2 * ({{ n }} + {{ z }} * {{ z }})))
    end
{%- endmacro %}

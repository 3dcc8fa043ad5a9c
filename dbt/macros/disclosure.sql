{# Which figures of a kind of value count people: of these the small ones are hidden. #}
{% macro numerator_counts_people(value_type) -%}
    {{ value_type }} in (
        'proportion', 'crude_rate', 'dsr', 'isr', 'isr_ratio', 'ratio', 'count', 'life_expectancy', 'other'
    )
{%- endmacro %}

{# Not the events expected, nor a figure of another kind. #}
{% macro denominator_counts_people(value_type) -%}
    {{ value_type }} not in ('isr', 'isr_ratio', 'ratio', 'index')
{%- endmacro %}

{# Rates are per population, which anybody can look up. #}
{% macro denominator_is_public(value_type) -%}
    {{ value_type }} in ('crude_rate', 'dsr', 'life_expectancy')
{%- endmacro %}

{# To the nearest multiple of `base`, halves up; as it is where base is 0. #}
{% macro rounded_to(count, base) -%}
    case when {{ base }} > 0 then floor({{ count }} / {{ base }} + 0.5) * {{ base }} else {{ count }} end
{%- endmacro %}

{# What the function that hides is told of each value, in the order of its type. #}
{% macro disclosure_columns() %}{{ return([
    'row_id', 'area_code', 'ancestors', 'area_system', 'first_day', 'last_day', 'sex', 'age', 'segment',
    'breakdown_type', 'breakdown', 'numerator', 'denominator', 'complement', 'public_figures',
    'small_figures', 'threshold', 'lowest', 'is_known', 'was_hidden', 'is_exempt',
]) }}{% endmacro %}

{# The columns that say which value a row is: the key of the release, in its order. #}
{% macro key_columns() %}{{ return([
    'indicator_id', 'area_code', 'period_type', 'period_start', 'period_end',
    'sex', 'age', 'segment', 'breakdown_type', 'breakdown', 'origin',
]) }}{% endmacro %}

{# The columns that say which series a value is of: the key without its period's dates. #}
{% macro series_columns() %}{{ return([
    'indicator_id', 'area_code', 'period_type', 'sex', 'age', 'segment', 'breakdown_type', 'breakdown', 'origin',
]) }}{% endmacro %}

{% macro key_list(prefix='') %}
    {%- for column in key_columns() -%}
        {{ prefix }}{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{% endmacro %}

{# True where two relations speak of the same value. #}
{% macro same_key(left, right) %}
    {%- for column in key_columns() -%}
        {{ left }}.{{ column }} = {{ right }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{% endmacro %}

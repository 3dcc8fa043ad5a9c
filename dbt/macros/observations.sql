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

{# The hash of these columns of a value, the same for rows that landed and for those of a release: text that
   is kept as a number beside its words is hashed as text. #}
{% macro hash_of(columns, prefix='') -%}
    hash(
        {%- for column in columns -%}
            {%- if column in ('period_start', 'period_end') %}{{ prefix }}{{ column }}
            {%- else %}cast({{ prefix }}{{ column }} as varchar){% endif %}{{ ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}

{# True where a row of int_recast_parts is a part of the row of int_recast__observations: the two tiers and
   the source are those that were chosen. #}
{% macro is_part_of(parts, recast) -%}
    {{ parts }}.recast_row_id = {{ recast }}.row_id
    and {{ parts }}.area_tier = {{ recast }}.area_tier
    and {{ parts }}.predecessor_tier = {{ recast }}.predecessor_tier
    and {{ parts }}.source_id = {{ recast }}.source_id
{%- endmacro %}

{# True where two relations speak of the same value. #}
{% macro same_key(left, right) %}
    {%- for column in key_columns() -%}
        {{ left }}.{{ column }} = {{ right }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{% endmacro %}

{# The window of a series, or of the group within which values stand: everything, without columns. #}
{% macro partition_of(columns) -%}
    {%- if columns -%}partition by {{ columns | join(', ') }}{%- endif -%}
{%- endmacro %}

{# A figure as double; NULL for what isn't one, since NaN and infinity would pass comparisons. #}
{% macro finite(figure) -%}
    case when isfinite(cast({{ figure }} as double)) then cast({{ figure }} as double) end
{%- endmacro %}

{# The columns of `groups` that aren't among the keys, each with a comma after it. #}
{% macro listed_beside(keys, groups) -%}
    {% for column in groups if column not in keys %}{{ column }}, {% endfor %}
{%- endmacro %}

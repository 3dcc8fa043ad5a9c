{# Every column of a seed is text: 00C, 1.10 and 2013/14 mean what they say. Types are given in
   the intermediate layer, where an empty cell is NULL. #}
{% macro duckdb__create_csv_table(model, agate_table) %}
    {%- set columns = [] -%}
    {%- for name in agate_table.column_names -%}
        {%- do columns.append('"' ~ name ~ '" varchar') -%}
    {%- endfor -%}
    {%- set sql -%}
        create table {{ this.render() }} ({{ columns | join(', ') }})
    {%- endset -%}
    {%- call statement('_') -%}{{ sql }}{%- endcall -%}
    {{ return(sql) }}
{% endmacro %}

{# A seed is made anew each time it is loaded: its columns may have changed since the last time. #}
{% macro duckdb__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
    {{- adapter.drop_relation(old_relation) -}}
    {{ return(create_csv_table(model, agate_table)) }}
{% endmacro %}

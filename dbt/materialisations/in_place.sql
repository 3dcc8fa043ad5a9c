{# How a model is put in its place: what stood there goes and the new one comes, in one transaction.

   dbt-duckdb builds beside it under another name, renames twice and drops the old one, so that readers
   elsewhere are never without. Nobody else has the warehouse open while models are built, DuckDB rolls
   back what fails, and each renaming costs as much as a small model. Indexes, grants, partitions, SQL
   headers and documentation in the database, which dbt-duckdb does too, no model here asks for. #}

{% materialization table, adapter='duckdb' %}
    {{ return(put_in_place(this.incorporate(type='table'), pre_hooks, post_hooks)) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ return(put_in_place(this.incorporate(type='view'), pre_hooks, post_hooks)) }}
{% endmaterialization %}

{% macro put_in_place(relation, pre_hooks, post_hooks) %}
    {% set there = load_cached_relation(relation) %}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') %}
        {% if there is not none %}
            drop {{ there.type }} if exists {{ there }};
        {% endif %}
        {% if relation.is_view %}
            {{ get_create_view_as_sql(relation, compiled_code) }}
        {% else %}
            {{ create_table_as(False, relation, compiled_code) if not config.get('meta', {}).words_as_numbers else
                create_table_of_words(relation, compiled_code) }}
        {% endif %}
    {% endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ return({'relations': [relation]}) }}
{% endmacro %}

{# The table's columns are held to its contract and it keeps its words as numbers, which the types of a contract would
   spell out. Constraints are written with those types: such a model can't have any. #}
{% macro create_table_of_words(relation, compiled_code) %}
    {% set constrained = model.columns.values() | selectattr('constraints') | map(attribute='name') | list %}
    {% if model.constraints or constrained %}
        {{ exceptions.raise_compiler_error(
            'words_as_numbers: got constraints of ' ~ (constrained | join(', ') or 'the model')
            ~ ', expected none: test it instead, or keep its words as text'
        ) }}
    {% endif %}
    {{ get_assert_columns_equivalent(compiled_code) }}
    create table {{ relation }} as (
        {{ get_select_subquery(compiled_code) }}
    );
{% endmacro %}

{# A column as its contract compares it: text that is kept as a number beside its words (word_lists.sql) is text. #}
{% macro duckdb__format_column(column) %}
    {% set data_type = 'VARCHAR' if column.dtype.startswith('ENUM(') else column.dtype %}
    {{ return({'name': column.name, 'data_type': data_type, 'formatted': column.column.lower() ~ ' ' ~ data_type}) }}
{% endmacro %}

{# Text that repeats, kept as a number beside the list of its words: DuckDB's ENUM. Twenty columns of text
   for millions of rows are sorted and written at half the cost so. To whoever reads them they are text:
   they equal text, join with it and give text to every function. Four traps: `hash` of one is the number's
   (hash_of); in a UNION with text, or with another list, it becomes text; where many rows join with few of
   text, all of the many are spelled out, so the few are cast (as_words); and `lag` takes no text beside one
   for what isn't there. #}

{# Each such column of int_observations. #}
{% macro word_columns() %}{{ return([
    'source_id', 'source_code', 'indicator_id', 'definition_version', 'area_type', 'area_code', 'period_type',
    'period_label', 'sex', 'age', 'segment', 'breakdown_type', 'breakdown', 'population_basis', 'unit', 'method',
    'value_type', 'status', 'status_reason', 'origin',
]) }}{% endmacro %}

{# Those of them that a value kept back may say otherwise than any that landed: its last good figures may be
   of an earlier definition, and a check is named as the reason. #}
{% macro told_columns() %}{{ return([
    'source_id', 'definition_version', 'unit', 'method', 'status', 'status_reason', 'held_since',
]) }}{% endmacro %}

{# The columns of the key of few values, to be joined with many. #}
{% macro key_as_words(but=[]) -%}
    {%- for column in key_columns() if column not in but -%}
        {{ as_words(column, column) if column in word_columns() else column }} as {{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# After this there is a list for each column, in the order of the words: what is sorted by such a column is
   sorted as its text would be. `landed` is read once. #}
{% macro write_word_lists(landed) %}
{# Which column of the rows says the words, where it isn't the one of that name; none where the registry alone does. #}
{% set said_by = {
    'definition_version': none, 'area_type': none, 'period_type': none, 'unit': none, 'value_type': none,
    'method': 'computed_by',
} %}
{% set said_by_registry = {
    'definition_version': "select definition_version from " ~ ref('int_indicators'),
    'area_type': "select area_type from " ~ ref('int_areas') ~ " union all select 'unknown'",
    'area_code': "select unnest([area_code, region_code]) from " ~ ref('int_areas')
        ~ " union all select peer_code from " ~ ref('peer_sets') ~ " union all select 'E92000001'",
    'period_type': "select period_type from " ~ ref('int_periods'),
    'unit': "select unit from " ~ ref('int_indicators'),
    'method': "select method from " ~ ref('int_indicators') ~ " union all select 'as_published'",
    'value_type': "select value_type from " ~ ref('int_indicators'),
    'status': "select status from " ~ ref('status_reasons') ~ " union all select 'published'",
    'status_reason': "select status_reason from " ~ ref('status_reasons'),
} %}
{% set said = [] %}
{% for column in word_columns() if said_by.get(column, column) is not none %}
    {% do said.append('list(distinct ' ~ said_by.get(column, column) ~ ') as ' ~ column) %}
{% endfor %}
create or replace temporary table words_landed as select {{ said | join(', ') }} from {{ landed }};
{% for column in word_columns() %}
{% set sources = ['select unnest(' ~ column ~ ') from words_landed'] if said_by.get(column, column) is not none else [] %}
{{ write_word_list(word_list(column), sources + ([said_by_registry[column]] if column in said_by_registry else [])) }}
{% endfor %}
drop table words_landed;
{% endmacro %}

{# After this there is a list for each column that `kept_back`, a relation, may say otherwise. #}
{% macro write_told_lists(kept_back) %}
{% for column in told_columns() %}
{% set sources = ['select cast(' ~ column ~ ' as varchar) from ' ~ kept_back] %}
{% if column in word_columns() %}
    {% do sources.append('select unnest(cast(enum_range(cast(null as ' ~ word_list(column) ~ ')) as varchar[]))') %}
{% endif %}
{{ write_word_list(told_list(column), sources) }}
{% endfor %}
{% endmacro %}

{# What `comparisons` says of two values. #}
{% macro comparison_words() %}{{ return(['comparator_type', 'judgement', 'reason', 'method']) }}{% endmacro %}

{# After this there is a list for each of them. A comparator or method that none has is an error where it is said. #}
{% macro write_comparison_lists() %}
{% set comparators = ['england', 'region', 'peers'] %}
{% set methods = ['limits_95_against_england', 'limits_95_against_region', 'limits_95_overlap'] %}
{% set said = {'comparator_type': comparators, 'method': methods} %}
{% for column in comparison_words() %}
{% set words = "select unnest(['" ~ said[column] | join("', '") ~ "'])" if column in said else
    "select word from " ~ ref('state_words') ~ " where released_table = 'comparisons' and column_name = '" ~ column ~ "'" %}
{{ write_word_list(word_list('compared_' ~ column), [words]) }}
{% endfor %}
{% endmacro %}

{% macro write_word_list(name, sources) %}
create or replace type {{ name }} as enum (
    select distinct word from ({{ sources | join(' union all ') }}) as every(word) where word is not null order by word
);
{% endmacro %}

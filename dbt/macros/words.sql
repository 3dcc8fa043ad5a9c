{# Columns whose text is kept as a number beside the list of its words: where and why, word_lists.sql says. Apart from
   it, since models that are tried on rows of text by themselves have no lists. #}

{% macro word_list(column) %}intermediate.words_of_{{ column }}{% endmacro %}

{% macro told_list(column) %}intermediate.words_told_of_{{ column }}{% endmacro %}

{# Text of few rows, to be joined with such a column of many; NULL, which joins none, where no row has it. #}
{% macro as_words(column, list) -%}
    try_cast({{ column }} as {{ word_list(list) }})
{%- endmacro %}

{# The order in which extracts count where one of them must: that of the latest vintage, then the last
   that was taken in, and of those of one run always the same one, whatever numbers they landed under. #}
{% macro latest_first(extracts) -%}
    {{ extracts }}.vintage_date desc nulls last, {{ extracts }}.run_number desc, {{ extracts }}.sha256 desc
{%- endmacro %}

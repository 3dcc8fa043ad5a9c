{# Text without HTML, with single spaces and none at the ends; NULL where nothing is left. #}
{% macro plain_text(column) -%}
    nullif(trim(regexp_replace(regexp_replace({{ column }}, '<[^>]*>', '', 'g'), '\s+', ' ', 'g')), '')
{%- endmacro %}

{# Fingertips writes sub-ICB and ICB codes with an n before them: nE38000123 is E38000123. #}
{% macro area_code(column) -%}
    case when starts_with({{ column }}, 'nE') then trim(substr({{ column }}, 2)) else trim({{ column }}) end
{%- endmacro %}

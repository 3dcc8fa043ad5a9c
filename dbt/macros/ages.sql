{# The five-year band of an age in years, 90 and over as one; no age is all ages. #}
{% macro age_band(age) -%}
    case
        when {{ age }} is null then 'All ages'
        when {{ age }} >= 90 then '90+'
        else cast({{ age }} - {{ age }} % 5 as varchar) || '-' || cast({{ age }} - {{ age }} % 5 + 4 as varchar)
    end
{%- endmacro %}

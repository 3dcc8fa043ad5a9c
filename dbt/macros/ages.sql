{# The first year of the five-year band of an age in years; 90 and over is one band. #}
{% macro first_age_of_band(age) -%}
    case when {{ age }} >= 90 then 90 else {{ age }} - {{ age }} % 5 end
{%- endmacro %}

{# The name of the band that begins with an age in years; no age is all ages. #}
{% macro age_band(first_age) -%}
    case
        when {{ first_age }} is null then 'All ages'
        when {{ first_age }} >= 90 then '90+'
        else cast({{ first_age }} as varchar) || '-' || cast({{ first_age }} + 4 as varchar)
    end
{%- endmacro %}

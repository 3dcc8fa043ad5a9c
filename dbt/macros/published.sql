{# The limits of a value that its publisher gives without any. #}
{% macro no_limits() -%}
    cast(null as double) as lower_95,
    cast(null as double) as upper_95,
    cast(null as double) as lower_998,
    cast(null as double) as upper_998
{%- endmacro %}

{# Status and reason of a published value; where there is none, what `notes`, the row of
   publisher_notes for the mark in its place, says of it. #}
{% macro status_by_notes(value, notes='notes') -%}
    case when {{ value }} is not null then 'published' else coalesce({{ notes }}.status, 'not_available') end as status,
    case
        when {{ value }} is null then coalesce({{ notes }}.status_reason, 'not_available_from_publisher')
    end as status_reason
{%- endmacro %}

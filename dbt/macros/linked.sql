{# What the models of linked records share. All of it is plain SQL that Spark runs too. #}

{# A day as it stands in a record; NULL for the days that stand for none (1800-01-01 where nothing was
   sent, 1801-01-01 where what was sent was no day). #}
{% macro recorded_day(column) -%}
    case when {{ column }} >= '1802' then cast({{ column }} as date) end
{%- endmacro %}

{# A diagnosis or procedure code as lists hold it: no dot, no filler behind three characters, no dash that
   stands for nothing. NULL where nothing is left. #}
{% macro coding(column) -%}
    nullif(regexp_replace(upper(trim({{ column }})), '[^A-Z0-9]|X$', '', 'g'), '')
{%- endmacro %}

{# Completed years between two days of which the second is the later. #}
{% macro completed_years(born, on_day) -%}
    (
        year({{ on_day }}) - year({{ born }})
        - case
            when month({{ on_day }}) * 100 + day({{ on_day }}) < month({{ born }}) * 100 + day({{ born }}) then 1
            else 0
        end
    )
{%- endmacro %}

{# The codes of episodes one under the other: `kind` is diagnosis or procedure, of which an episode holds as
   many as `places`. #}
{% macro codes_of_episodes(kind, places) -%}
    {%- for nth in range(1, places + 1) -%}
        {%- set column = '%s_%02d' % (kind, nth) %}
select
    episode_key,
    person_id,
    episode_order,
    episode_start,
    {{ nth }} as position,
    {{ column }} as code
from {{ ref('int_linked__episodes') }}
where {{ column }} is not null
        {%- if not loop.last %}
union all
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

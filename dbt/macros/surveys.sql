{# The rows of an indicator from answers of people: the last select of its SQL. `step` has area_code, segment and
   first_year (the financial year's), and what each answer counts for. #}

{# Shares: `step` has a numerator of 0 or 1 for each answer. #}
{% macro shares_of_answers(step) -%}
answers_by_segment as (
    {{ by_segment(step, 'numerator') }}
)

select
    {{ place_and_year() }}
    cast(sum(numerator) as double) as numerator,
    cast(count(*) as double) as denominator
from answers_by_segment
group by
    area_code,
    segment,
    first_year
{%- endmacro %}

{# Means: `step` has the value of each answer, and each is a row. #}
{% macro means_of_answers(step) -%}
answers_by_segment as (
    {{ by_segment(step, 'value') }}
)

select
    {{ place_and_year() }}
    cast(value as double) as numerator,
    cast(1 as double) as denominator
from answers_by_segment
{%- endmacro %}

{# Every answer among all, and again in its segment. Only councils have returns. #}
{% macro by_segment(step, counted) -%}
    select
        area_code,
        first_year,
        'all' as segment,
        {{ counted }}
    from {{ step }}
    where {{ is_council('area_code') }}
    union all
    select
        area_code,
        first_year,
        segment,
        {{ counted }}
    from {{ step }}
    where {{ is_council('area_code') }} and segment <> 'none'
{%- endmacro %}

{% macro is_council(code) -%}
    (
        {{ code }} like 'E06%' or {{ code }} like 'E08%' or {{ code }} like 'E09%' or {{ code }} like 'E10%'
    )
{%- endmacro %}

{% macro place_and_year() -%}
    'utla' as area_type,
    area_code,
    'financial_year' as period_type,
    cast(concat(cast(first_year as varchar), '-04-01') as date) as period_start,
    cast(concat(cast(first_year + 1 as varchar), '-03-31') as date) as period_end,
    'Persons' as sex,
    'All ages' as age,
    segment,
    'all' as breakdown_type,
    'all' as breakdown,
    'all' as band,
{%- endmacro %}

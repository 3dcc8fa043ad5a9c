{# What every method_… macro shares. A method takes a relation, the columns that say which value a
   row is (`keys`) and the names of the columns it counts with, and makes a whole select: keys, value,
   four limits, numerator, denominator, status, status_reason. #}

{# The end of a method: from `step`, which has the figures and the reason of a refusal (`refusal`,
   NULL where there is none). A refused row has no value and no limits. #}
{% macro method_result(step, keys) -%}
select
    {{ listed(keys) }}
    {% for figure in ['value', 'lower_95', 'upper_95', 'lower_998', 'upper_998'] %}
    case when status_reason is null or {{ is_caveat('status_reason') }} then {{ figure }} end as {{ figure }},
    {% endfor %}
    case when isfinite(numerator) then numerator end as numerator,
    case when isfinite(denominator) then denominator end as denominator,
    {{ refusal_status('status_reason') }} as status,
    status_reason
from (
    select
        *,
        case
            when refusal is not null then refusal
            -- The last guard: whatever the formula met, what isn't a number isn't published.
            when value is null or not isfinite(value) {% for limit in ['lower_95', 'upper_95', 'lower_998', 'upper_998'] -%}
            or not coalesce(isfinite({{ limit }}), true) {% endfor -%}
            then 'impossible_figure'
        end as status_reason
    from {{ step }}
)
{%- endmacro %}

{% macro refusal_status(reason) -%}
    case
        when {{ reason }} is null or {{ is_caveat(reason) }} then 'published'
        when {{ reason }} = 'zero_denominator' then 'not_available'
        else 'not_calculated'
    end
{%- endmacro %}

{# A value that stands although its limits can't be had. #}
{% macro is_caveat(reason) -%}
    {{ reason }} = 'limits_need_two_values'
{%- endmacro %}

{# False for what is below 0, not a number, or more than anybody could count. NULL for NULL. #}
{% macro is_possible(figure) -%}
    {{ figure }} between 0 and 1e18
{%- endmacro %}

{# Columns, each with a comma after it. #}
{% macro listed(columns, prefix='') -%}
    {% for column in columns %}{{ prefix }}{{ column }}, {% endfor %}
{%- endmacro %}

{# A sum that doesn't depend on the order of its terms, which is the order in which threads come.
   Each term is taken apart into two whole numbers, of 2^-40 and of 2^-120, and whole numbers add up
   to the same sum in any order. For terms of up to 2^86 (1e25); others are an error. #}
{% macro steady_sum(term) -%}
    (
        cast(sum(cast(trunc({{ term }} * {{ 2 ** 40 }}) as hugeint)) as double) / {{ 2 ** 40 }}
        + cast(sum(cast(
            ({{ term }} * {{ 2 ** 40 }} - trunc({{ term }} * {{ 2 ** 40 }})) * cast({{ 2 ** 80 }} as double)
        as hugeint)) as double) / cast({{ 2 ** 120 }} as double)
    )
{%- endmacro %}

{# The same of counts, which need no more than 2^-40. #}
{% macro steady_count(count) -%}
    cast(sum(cast({{ count }} * {{ 2 ** 40 }} as hugeint)) as double) / {{ 2 ** 40 }}
{%- endmacro %}

{# The same where a count may be impossible, and then their sum is. #}
{% macro steady_possible(count) -%}
    case
        when bool_and({{ is_possible(count) }})
            then {{ steady_count('case when ' ~ is_possible(count) ~ ' then ' ~ count ~ ' end') }}
        else cast('nan' as double)
    end
{%- endmacro %}

{% macro refuse_argument(name, got, expected) -%}
    {{ exceptions.raise_compiler_error(name ~ ': got ' ~ got ~ ', expected ' ~ expected) }}
{%- endmacro %}

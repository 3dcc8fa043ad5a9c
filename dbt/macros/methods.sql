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
    {{ reason }} in ('limits_need_two_values', 'no_variation')
{%- endmacro %}

{# False for what is below 0, not a number, or more than anybody could count. NULL for NULL. #}
{% macro is_possible(figure) -%}
    {{ figure }} between 0 and 1e18
{%- endmacro %}

{# Columns, each with a comma after it. #}
{% macro listed(columns, prefix='') -%}
    {% for column in columns %}{{ prefix }}{{ column }}, {% endfor %}
{%- endmacro %}

{# Sums that don't depend on the order of their terms, which is the order in which threads come: of
   whole numbers, which add up to the same in any order. Each term is taken to the nearest 2^-76
   (1e-23), and all of them together stay below 2^50 (1e15); more is an error. #}
{% macro steady_sum(term) -%}
    (cast(sum(cast({{ term }} * cast({{ 2 ** 76 }} as double) as hugeint)) as double) / cast({{ 2 ** 76 }} as double))
{%- endmacro %}

{# The same to 2^-120 (1e-36), for terms of up to 2^80, in two whole numbers. #}
{% macro steady_sum_of_small(term) -%}
    (
        cast(sum(cast(trunc({{ term }} * {{ 2 ** 40 }}) as hugeint)) as double) / {{ 2 ** 40 }}
        + cast(sum(cast(
            ({{ term }} * {{ 2 ** 40 }} - trunc({{ term }} * {{ 2 ** 40 }})) * cast({{ 2 ** 80 }} as double)
        as hugeint)) as double) / cast({{ 2 ** 120 }} as double)
    )
{%- endmacro %}

{# The same of counts (is_countable), which needn't be whole but are taken to 2^-30 (1e-9). #}
{% macro steady_count(count) -%}
    (cast(sum(cast({{ count }} * {{ 2 ** 30 }} as bigint)) as double) / {{ 2 ** 30 }})
{%- endmacro %}

{% macro refuse_argument(name, got, expected) -%}
    {{ exceptions.raise_compiler_error(name ~ ': got ' ~ got ~ ', expected ' ~ expected) }}
{%- endmacro %}

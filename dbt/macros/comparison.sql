{# How a value stands to a comparator's. Figures are doubles, NULL where missing; `polarity` is
   higher_is_better, lower_is_better or no_judgement. Where it is none of these nothing is judged. #}

{# Why two values can't be compared; NULL where they can. #}
{% macro comparison_refusal(value, lower, upper, comparator) -%}
    case
        when {{ value }} is null then 'missing_value'
        when {{ lower }} is null or {{ upper }} is null then 'no_limits'
        when {{ comparator }} is null then 'no_comparator'
    end
{%- endmacro %}

{# The side on which a value lies, in the words that its polarity calls for. #}
{% macro judged_side(is_lower, polarity, lower='lower', higher='higher', better='better', worse='worse') -%}
    case {{ polarity }}
        when 'no_judgement' then case when {{ is_lower }} then '{{ lower }}' else '{{ higher }}' end
        when 'lower_is_better' then case when {{ is_lower }} then '{{ better }}' else '{{ worse }}' end
        when 'higher_is_better' then case when {{ is_lower }} then '{{ worse }}' else '{{ better }}' end
    end
{%- endmacro %}

{# Like the next three, whatever their rule: not compared for want of a figure, not judged for want
   of a polarity, similar where the rule says so, else on a side. #}
{% macro judgement_by_rule(refusal, polarity, is_similar, side) -%}
    case
        when {{ refusal }} is not null then 'not_compared'
        when coalesce({{ polarity }}, '') not in ('higher_is_better', 'lower_is_better', 'no_judgement')
            then 'no_judgement'
        when {{ is_similar }} then 'similar'
        else {{ side }}
    end
{%- endmacro %}

{# One level: similar where the comparator is within the value's limits, the limits themselves
   counting as within. #}
{% macro judgement(value, lower, upper, comparator, polarity) -%}
    {{ judgement_by_rule(
        comparison_refusal(value, lower, upper, comparator),
        polarity,
        comparator ~ ' between ' ~ lower ~ ' and ' ~ upper,
        judged_side(value ~ ' < ' ~ comparator, polarity),
    ) }}
{%- endmacro %}

{# Two levels: a comparator outside the 95% limits and within the 99.8% ones makes better or worse,
   one outside both makes best or worst; lowest and highest where nothing is judged good or bad. #}
{% macro judgement_two_levels(value, lower_95, upper_95, lower_998, upper_998, comparator, polarity) -%}
    {%- set refusal = "coalesce(" ~ comparison_refusal(value, lower_95, upper_95, comparator) ~ ", "
        ~ comparison_refusal(value, lower_998, upper_998, comparator) ~ ")" -%}
    {%- set side -%}
        case
            when {{ comparator }} between {{ lower_998 }} and {{ lower_95 }}
                then {{ judged_side('false', polarity) }}
            when {{ comparator }} between {{ upper_95 }} and {{ upper_998 }}
                then {{ judged_side('true', polarity) }}
            else {{ judged_side(value ~ ' < ' ~ comparator, polarity, 'lowest', 'highest', 'best', 'worst') }}
        end
    {%- endset -%}
    {{ judgement_by_rule(refusal, polarity, comparator ~ ' between ' ~ lower_95 ~ ' and ' ~ upper_95, side) }}
{%- endmacro %}

{# Two values with limits each: similar where the limits overlap or touch. #}
{% macro judgement_by_overlap(value, lower, upper, comparator, comparator_lower, comparator_upper, polarity) -%}
    {%- set refusal -%}
        case
            when {{ comparator_lower }} is null or {{ comparator_upper }} is null then 'no_comparator_limits'
            else {{ comparison_refusal(value, lower, upper, comparator) }}
        end
    {%- endset -%}
    {%- set overlap -%}
        case
            when {{ value }} < {{ comparator }} then {{ comparator_lower }} <= {{ upper }}
            else {{ lower }} <= {{ comparator_upper }}
        end
    {%- endset -%}
    {{ judgement_by_rule(refusal, polarity, overlap, judged_side(value ~ ' < ' ~ comparator, polarity)) }}
{%- endmacro %}

{# One row a row of `relation`: each value beside the comparator's, with a judgement and, where there
   is none, the reason. `relation` has the columns value, lower_95, upper_95, comparator_value and
   polarity; lower_998 and upper_998 for the rule `limits_95_and_998`; comparator_lower_95 and
   comparator_upper_95 for `overlap_95`. #}
{% macro method_comparison(relation, keys, rule='limits_95', polarity='polarity') %}
{%- set figures = ['value', 'lower_95', 'upper_95', 'comparator_value'] -%}
{%- if rule == 'limits_95' -%}
    {%- set judged = judgement('value', 'lower_95', 'upper_95', 'comparator_value', 'polarity') -%}
    {%- set refusal = comparison_refusal('value', 'lower_95', 'upper_95', 'comparator_value') -%}
{%- elif rule == 'limits_95_and_998' -%}
    {%- set figures = figures + ['lower_998', 'upper_998'] -%}
    {%- set judged = judgement_two_levels(
        'value', 'lower_95', 'upper_95', 'lower_998', 'upper_998', 'comparator_value', 'polarity'
    ) -%}
    {#- The sum of two limits is missing where either is. -#}
    {%- set refusal = comparison_refusal(
        'value', 'lower_95 + lower_998', 'upper_95 + upper_998', 'comparator_value'
    ) -%}
{%- else -%}
    {%- set figures = figures + ['comparator_lower_95', 'comparator_upper_95'] -%}
    {%- set judged = judgement_by_overlap(
        'value', 'lower_95', 'upper_95', 'comparator_value', 'comparator_lower_95', 'comparator_upper_95', 'polarity'
    ) -%}
    {%- set refusal = comparison_refusal('value', 'lower_95', 'upper_95', 'comparator_value') -%}
{%- endif -%}
with comparison_rows as (
    select
        {{ listed(keys) }}
        {%- for figure in figures %}
        {{ finite(figure) }} as {{ figure }},
        {%- endfor %}
        cast({{ polarity }} as varchar) as polarity
    from {{ relation }}
),

comparison_judged as (
    select
        *,
        {{ judged }} as judgement,
        {{ refusal }} as refusal
    from comparison_rows
)

select
    {{ listed(keys) }}
    value,
    comparator_value,
    judgement,
    case judgement
        when 'not_compared' then coalesce(refusal, 'no_comparator_limits')
        when 'no_judgement' then 'polarity_not_confirmed'
    end as reason,
    '{{ rule }}' as method
from comparison_judged
{% endmacro %}

{# Joins to each row of `values` the candidate value of England that the mart of comparisons sets beside
   it: of the same key, and of the publisher where what was added up here has none of its own. #}
{% macro beside_england(values, england) %}
inner join (
    select
        *,
        bool_or(origin = 'computed') over (
            partition by {% for column in key_columns() if column not in ('area_code', 'origin') -%}
                {{ column }}{{ ', ' if not loop.last }}
            {%- endfor %}
        ) as has_computed
    from {{ ref('candidate_values') }}
    where area_code = 'E92000001' and status = 'published' and breakdown_type = 'all'
) as {{ england }}
    on
        {% for column in key_columns() if column not in ('area_code', 'origin') -%}
            {{ values }}.{{ column }} = {{ england }}.{{ column }} and
        {% endfor -%}
        {{ england }}.origin = case when {{ england }}.has_computed then {{ values }}.origin else 'published' end
{% endmacro %}

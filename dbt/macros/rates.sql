{# Crude rate: events over people, times `multiplier` (a number or a column). #}
{% macro method_crude_rate(relation, keys, numerator='numerator', denominator='denominator', multiplier=100000) -%}
{{ rate_of_counts(relation, keys, numerator, denominator, multiplier) }}
{%- endmacro %}

{# Ratio of a count to a figure of another kind; the figure is taken as fixed. #}
{% macro method_ratio(relation, keys, numerator='numerator', denominator='denominator', multiplier=1) -%}
{{ rate_of_counts(relation, keys, numerator, denominator, multiplier) }}
{%- endmacro %}

{% macro rate_of_counts(relation, keys, numerator, denominator, multiplier) -%}
with rate_counts as (
    select
        {{ listed(keys) }}
        cast({{ numerator }} as double) as numerator,
        cast({{ denominator }} as double) as denominator,
        cast({{ multiplier }} as double) as multiplier
    from {{ relation }}
),

rate_figures as (
    select
        *,
        {{ share_refusal() }} as refusal,
        multiplier * numerator / denominator as value,
        multiplier * {{ count_lower('numerator', z95(), tail95()) }} / denominator as lower_95,
        multiplier * {{ count_upper('numerator', z95(), tail95()) }} / denominator as upper_95,
        multiplier * {{ count_lower('numerator', z998(), tail998()) }} / denominator as lower_998,
        multiplier * {{ count_upper('numerator', z998(), tail998()) }} / denominator as upper_998
    from rate_counts
)

{{ method_result('rate_figures', keys) }}
{%- endmacro %}

{# Proportion: how many of the people, with Wilson's limits, times `multiplier`. #}
{% macro method_proportion(relation, keys, numerator='numerator', denominator='denominator', multiplier=100) -%}
with proportion_counts as (
    select
        {{ listed(keys) }}
        cast({{ numerator }} as double) as numerator,
        cast({{ denominator }} as double) as denominator,
        cast({{ multiplier }} as double) as multiplier
    from {{ relation }}
),

proportion_figures as (
    select
        *,
        coalesce(
            {{ share_refusal() }},
            case when numerator > denominator then 'more_events_than_people' end
        ) as refusal,
        multiplier * numerator / denominator as value,
        multiplier * {{ wilson_lower('numerator', 'denominator', z95()) }} as lower_95,
        multiplier * {{ wilson_upper('numerator', 'denominator', z95()) }} as upper_95,
        multiplier * {{ wilson_lower('numerator', 'denominator', z998()) }} as lower_998,
        multiplier * {{ wilson_upper('numerator', 'denominator', z998()) }} as upper_998
    from proportion_counts
)

{{ method_result('proportion_figures', keys) }}
{%- endmacro %}

{# Why a numerator can't be divided by its denominator; NULL where it can. #}
{% macro share_refusal() -%}
    case
        when denominator is null then 'no_denominator'
        when numerator is null then 'no_numerator'
        when not {{ is_possible('numerator') }} or not {{ is_possible('denominator') }} then 'impossible_figure'
        when denominator = 0 then 'zero_denominator'
    end
{%- endmacro %}

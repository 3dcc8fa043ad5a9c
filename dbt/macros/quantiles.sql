{# Quantile 1 to `quantiles` of each value among the others of its group, by its rank: values alike
   share the lowest rank among them, and so a quantile. The quantile of rank r among n values is
   quantiles + 1 - ceil((n + 1 - r) * quantiles / n), in whole numbers, so that no rounding error
   moves a value. `highest_first` makes quantile 1 that of the highest values. #}
{% macro quantile_of_rank(rank, n, quantiles) -%}
    {{ quantiles }} + 1 - (({{ n }} + 1 - {{ rank }}) * {{ quantiles }} + {{ n }} - 1) // {{ n }}
{%- endmacro %}

{# One row a row of `relation`. A group of fewer values than quantiles
   is refused; `groups` are the columns within whose values each is ranked. #}
{% macro method_quantile(relation, keys, groups=[], quantiles=10, highest_first=true, value='value') %}
with quantile_values as (
    select
        {{ listed(keys) }}
        {{ listed_beside(keys, groups) }}
        {{ finite(value) }} as value
    from {{ relation }}
),

quantile_ranks as (
    select
        *,
        count(value) over ({{ partition_of(groups) }}) as n,
        rank() over (
            {{ partition_of(groups) }}
            order by {{ '-value' if highest_first else 'value' }} nulls last
        ) as place
    from quantile_values
),

quantile_refusals as (
    select
        *,
        case
            when value is null then 'missing_value'
            when n < {{ quantiles }} then 'too_few_areas'
        end as status_reason
    from quantile_ranks
)

select
    {{ listed(keys) }}
    case when status_reason is null then {{ quantile_of_rank('place', 'n', quantiles) }} end as quantile,
    {{ refusal_status('status_reason') }} as status,
    status_reason
from quantile_refusals
{% endmacro %}

{# Fifths of an area's value among all areas, 1 the lowest; two rules, as Fingertips changed its own.
   `percentile`: bounds are the percentiles 20, 40, 60 and 80 by linear interpolation, rounded half
   away from nought to 10 decimals; a value on a bound belongs below it. `ntile`: equal numbers by
   order, where values alike may part; the keys decide which goes first, so that it is the same each
   time. Fewer than five values are not compared. `quintile_from_worst` is 1 for the worst fifth and
   5 for the best, NULL where `polarity` names neither end as better. #}
{% macro method_quintile(relation, keys, groups=[], rule='percentile', value='value', polarity='polarity') %}
with quintile_values as (
    select
        {{ listed(keys) }}
        {{ listed_beside(keys, groups) }}
        {{ finite(value) }} as value,
        cast({{ polarity }} as varchar) as polarity
    from {{ relation }}
),

quintile_bounds as (
    select
        *,
        count(value) over ({{ partition_of(groups) }}) as n,
        {% if rule == 'percentile' -%}
        quantile_cont(value, [0.2, 0.4, 0.6, 0.8]) over ({{ partition_of(groups) }}) as bounds
        {%- else -%}
        ntile(5) over (
            {{ partition_of(groups + ['value is null']) }} order by value, {{ keys | join(', ') }}
        ) as fifth
        {%- endif %}
    from quintile_values
),

quintile_fifths as (
    select
        *,
        {% if rule == 'percentile' -%}
        1
        {%- for place in [1, 2, 3, 4] %}
        + cast(value > round(bounds[{{ place }}], 10) as integer)
        {%- endfor %} as quintile,
        {%- else -%}
        fifth as quintile,
        {%- endif %}
        case
            when value is null then 'missing_value'
            when n < 5 then 'too_few_areas'
        end as status_reason
    from quintile_bounds
)

select
    {{ listed(keys) }}
    case when status_reason is null then quintile end as quintile,
    case
        when status_reason is not null then null
        when polarity = 'higher_is_better' then quintile
        when polarity = 'lower_is_better' then 6 - quintile
    end as quintile_from_worst,
    {{ refusal_status('status_reason') }} as status,
    status_reason
from quintile_fifths
{% endmacro %}

{# Funnels: how far from the average an area may lie by chance alone, given its size. A value is
   outside where its own limits exclude the average: Wilson's for proportions, exact or Byar's limits
   of the count for rates and ratios, as published with it. #}

{# The funnel's limits for a proportion: Wilson's limits turned round. A proportion's Wilson limits
   hold the average p where it lies within z standard errors of p, and those are p's own. #}
{% macro funnel_proportion_lower(p, n, z) -%}
    greatest({{ p }} - {{ z }} * sqrt({{ p }} * (1 - {{ p }}) / {{ n }}), 0)
{%- endmacro %}

{% macro funnel_proportion_upper(p, n, z) -%}
    least({{ p }} + {{ z }} * sqrt({{ p }} * (1 - {{ p }}) / {{ n }}), 1)
{%- endmacro %}

{# Where a figure with limits lies: low_998, low_95, within, high_95 or high_998. #}
{% macro funnel_position(average, lower_95, upper_95, lower_998, upper_998) -%}
    case
        when {{ upper_998 }} < {{ average }} then 'low_998'
        when {{ lower_998 }} > {{ average }} then 'high_998'
        when {{ upper_95 }} < {{ average }} then 'low_95'
        when {{ lower_95 }} > {{ average }} then 'high_95'
        else 'within'
    end
{%- endmacro %}

{# Position of each area in the funnel of its group: one row a row of `relation`, with its value, its
   size along the funnel, and the group's average.

   `kind` is proportion, crude_rate, dsr or ratio. Columns: numerator and denominator (for a ratio the
   expected count); for dsr also value, the standardised rate. A directly standardised rate has no
   population of its own: its size is the one that makes its count and its rate agree. The average is
   that of all counts over all sizes, and 1 for a ratio; `multiplier` is that of the value. #}
{% macro method_funnel(
    relation, keys, groups, kind, multiplier=1, numerator='numerator', denominator='denominator', value='value'
) %}
with funnel_rows as (
    select
        {{ listed(keys) }}
        {{ listed_beside(keys, groups) }}
        {{ finite(numerator) }} as numerator,
        {{ finite(denominator) }} as denominator
        {%- if kind == 'dsr' %},
        {{ finite(value) }} as standardised
        {%- endif %}
    from {{ relation }}
),

funnel_sizes as (
    select
        *,
        {% if kind == 'dsr' -%}
        case when numerator > 0 and standardised > 0 then {{ multiplier }} * numerator / standardised end as size,
        {%- else -%}
        denominator as size,
        {%- endif %}
        coalesce({{ share_refusal() }}, {{ funnel_refusal(kind) }}) as unusable
    from funnel_rows
),

funnel_averages as (
    select
        *,
        {% if kind == 'ratio' -%}
        cast(1 as double) as average
        {%- else -%}
        {# In order of size, so that the sums are the same whatever the threads. -#}
        sum(case when unusable is null and size is not null then numerator end) over everyone
        / nullif(sum(case when unusable is null then size end) over everyone, 0) as average
        {%- endif %}
    from funnel_sizes
    window everyone as (
        {{ partition_of(groups) }} order by size, numerator
        rows between unbounded preceding and unbounded following
    )
),

funnel_figures as (
    select
        *,
        {%- for level, z, tail in [('95', z95(), tail95()), ('998', z998(), tail998())] %}
        {%- if kind == 'proportion' %}
        {{ wilson_lower('numerator', 'denominator', z) }} as lower_{{ level }},
        {{ wilson_upper('numerator', 'denominator', z) }} as upper_{{ level }},
        {%- else %}
        {{ count_lower('numerator', z, tail) }} / size as lower_{{ level }},
        {{ count_upper('numerator', z, tail) }} / size as upper_{{ level }},
        {%- endif %}
        {%- endfor %}
        case
            when unusable is not null then unusable
            {%- if kind == 'dsr' %}
            when numerator < 10 then 'too_few_events'
            {%- endif %}
            when average is null then 'no_average'
        end as status_reason
    from funnel_averages
)

select
    {{ listed(keys) }}
    case when status_reason is null then {{ multiplier }} * numerator / size end as value,
    case when status_reason is null then size end as size,
    case when status_reason is null then {{ multiplier }} * average end as average,
    case
        when status_reason is null
            then {{ funnel_position('average', 'lower_95', 'upper_95', 'lower_998', 'upper_998') }}
    end as position,
    {{ refusal_status('status_reason') }} as status,
    status_reason
from funnel_figures
{% endmacro %}

{# Why an area takes no part in its group's average, beyond what share_refusal says. #}
{% macro funnel_refusal(kind) -%}
    {%- if kind == 'proportion' -%}
    case when numerator > denominator then 'more_events_than_people' end
    {%- elif kind == 'dsr' -%}
    case
        when numerator > 0 and standardised is null then 'missing_value'
        when numerator > 0 and standardised <= 0 then 'impossible_figure'
    end
    {%- else -%}
    null
    {%- endif -%}
{%- endmacro %}

{# The lines of a funnel for each row of `relation`, which has `keys`, the average (without multiplier)
   and `along`: the population for a proportion; for rates and ratios the count of events, since their
   limits are exact there. So those four limits stand at a size each, the one of which the count is
   just the limit: `size_of_lower_95` and so on. `above` is taken off a ratio, 1 for an excess. #}
{% macro method_funnel_limits(
    relation, keys, kind, along='along', average='average', multiplier=1, above=0
) %}
with funnel_points as (
    select
        {{ listed(keys) }}
        {{ finite(along) }} as along,
        {{ finite(average) }} as average
    from {{ relation }}
),

funnel_sizes as (
    select
        *,
        {%- for level, z, tail in [('95', z95(), tail95()), ('998', z998(), tail998())] %}
        {%- if kind == 'proportion' %}
        along as size_of_lower_{{ level }},
        along as size_of_upper_{{ level }},
        {%- else %}
        {{ exact_upper('along', z, tail) }} / average as size_of_lower_{{ level }},
        {{ exact_lower('along', z, tail) }} / average as size_of_upper_{{ level }},
        {%- endif %}
        {%- endfor %}
        case
            when average is null then 'no_average'
            when along is null then 'no_denominator'
            when average <= 0 or along <= 0 {{ 'or average >= 1' if kind == 'proportion' }} then 'impossible_figure'
        end as status_reason
    from funnel_points
),

funnel_lines as (
    select
        *,
        {%- for level, z in [('95', z95()), ('998', z998())] %}
        {%- for limit in ['lower', 'upper'] %}
        {{ multiplier }} * {% if kind == 'proportion' and limit == 'lower' -%}
        {{ funnel_proportion_lower('average', 'along', z) }}
        {%- elif kind == 'proportion' -%}
        {{ funnel_proportion_upper('average', 'along', z) }}
        {%- else -%}
        (along / size_of_{{ limit }}_{{ level }} - {{ above }})
        {%- endif %} as {{ limit }}_{{ level }}{{ ',' if not (loop.last and level == '998') }}
        {%- endfor %}
        {%- endfor %}
    from funnel_sizes
)

select
    {{ listed(keys) }}
    along,
    {%- for level in ['95', '998'] %}
    {%- for limit in ['lower', 'upper'] %}
    {%- for figure in ['size_of_' ~ limit ~ '_' ~ level, limit ~ '_' ~ level] %}
    case when status_reason is null then {{ figure }} end as {{ figure }},
    {%- endfor %}
    {%- endfor %}
    {%- endfor %}
    {{ refusal_status('status_reason') }} as status,
    status_reason
from funnel_lines
{% endmacro %}

{# Where to draw a funnel's lines: whole numbers evenly spaced by their logarithm, at most `points`
   for each row of `relation`, which has `keys`, smallest and largest. They start at 1 where the
   largest is more than twice the smallest, since the funnel's mouth is then worth seeing. #}
{% macro funnel_axis(relation, keys, points=100) %}
with recursive funnel_axis_points as (
    select
        {{ listed(keys) }}
        case when largest > 2 * smallest then 1e0 else greatest(floor(smallest), 1e0) end as along,
        cast(ceil(largest) as double) as last,
        {{ points }} - 1 as points_left
    from {{ relation }}
    union all
    select
        {{ listed(keys) }}
        greatest(along + 1, round(along * (last / along) ** (1e0 / points_left))),
        last,
        points_left - 1
    from funnel_axis_points
    where points_left > 0 and along < last
)

select
    {{ listed(keys) }}
    along
from funnel_axis_points
{% endmacro %}

{# Chi-squared with one degree of freedom at 99.8%: what a recent trend must pass, not 95%. #}
{% macro trend_threshold() %}cast(9.54953570608324 as double){% endmacro %}

{# Sum of `term` over the points 1 to n save the one left out; # in `term` is the point's number.
   Written out, so that the sum has one order whatever the threads, and nothing is lost by
   subtracting a point from a total. #}
{% macro trend_sum(term, n, without=0) -%}
    {%- set terms = [] -%}
    {%- for point in range(1, n + 1) if point != without -%}
        {%- do terms.append(term | replace('#', point)) -%}
    {%- endfor -%}
    ({{ terms | join(' + ') }})
{%- endmacro %}

{# The least of `term` over the points 1 to n. #}
{% macro trend_least(term, n) -%}
    {%- set terms = [] -%}
    {%- for point in range(1, n + 1) -%}
        {%- do terms.append(term | replace('#', point)) -%}
    {%- endfor -%}
    least({{ terms | join(', ') }})
{%- endmacro %}

{# Slope of the weighted least squares line through the points at the times 1 to n. Values are taken
   from the first one's, so that equal values have a slope of exactly nought. #}
{% macro trend_slope(value, weight, mean_time, n, without=0) -%}
    {%- set first = value | replace('#', 2 if without == 1 else 1) -%}
    {{ trend_sum(weight ~ ' * (# - ' ~ mean_time ~ ') * (' ~ value ~ ' - ' ~ first ~ ')', n, without) }}
    / {{ trend_sum(weight ~ ' * (# - ' ~ mean_time ~ ') * (# - ' ~ mean_time ~ ')', n, without) }}
{%- endmacro %}

{# Direction of each series over its latest points, after Fingertips: one row a series.

   `relation` has one row a period. `period` orders the rows; with gaps='stop' it must count in
   steps of one. Columns: value, lower_95, upper_95, numerator, denominator, polarity.
   `is_proportion`: the value is a share of its denominator; refused where everybody is counted.
   `by_counts`: the test is that of numerators and denominators, which only proportions can take;
   else that of values and limits. Without it every proportion is tested so. Both hold of a whole series.
   `is_break` is true at the first period that can't be compared with those before. `refusal` is a
   reason known beforehand (say, periods that overlap), NULL where there is none.

   `points`: how many of the latest valid points are used, and the fewest that will do.
   `gaps`: 'skip' passes over a period without a valid point, as the guidance allows; 'stop' refuses,
   as Fingertips' code did.
   `noughts`: where somebody is counted in no period of a proportion, 'half' adds a half to every
   count before its logit is taken; 'undefined' leaves the slope undefined, as Fingertips' code did,
   which reads an undefined slope as rising when it compares signs and as falling when it reports. #}
{% macro method_recent_trend(
    relation, keys, period='period', is_proportion='false', by_counts=none, is_break='false',
    refusal='null', points=5, gaps='skip', noughts='half', threshold=none, value='value',
    lower='lower_95', upper='upper_95', numerator='numerator', denominator='denominator',
    polarity='polarity'
) %}
{%- set fits = range(0, points + 1) -%}
with trend_rows as (
    select
        {{ listed(keys) }}
        {{ period }} as period,
        coalesce({{ is_proportion if by_counts is none else by_counts }}, false) as by_counts,
        cast({{ refusal }} as varchar) as refusal,
        cast({{ polarity }} as varchar) as polarity,
        {{ finite(value) }} as value,
        {{ finite(lower) }} as lower_95,
        {{ finite(upper) }} as upper_95,
        case when {{ is_proportion }} then {{ finite(numerator) }} end as numerator,
        case when {{ is_proportion }} then {{ finite(denominator) }} end as denominator,
        {{ is_break }} as is_break
    from {{ relation }}
),

trend_valid as (
    select
        *,
        coalesce(
            value is not null
            and case
                when by_counts then denominator > 0 and numerator between 0 and denominator
                else lower_95 is not null and upper_95 is not null
            end,
            false
        ) as is_valid
    from trend_rows
),

-- One row a series from here on. Of its latest points the greatest few are taken as rows are read, one list a
-- figure, the latest first: to keep whole points, or to number all of a series, costs twice as much. Points of
-- one period may stand in other places in each list, but such a series is refused. One period more than is
-- used, so that one that is there twice is seen at the edge too.
trend_latest as (
    select
        {{ listed(keys) }}
        coalesce(max(period, {{ points + 1 }}) filter (is_valid), []) as valid_periods,
        {%- if gaps == 'stop' %}
        max(period, {{ points + 1 }}) as periods,
        {%- endif %}
        arg_max(case when by_counts then numerator else value end, period, {{ points }})
            filter (is_valid) as firsts,
        arg_max(case when by_counts then denominator else upper_95 - lower_95 end, period, {{ points }})
            filter (is_valid) as seconds,
        {%- if by_counts is not none %}
        -- Counts may say so too where the test isn't theirs.
        list_contains(
            arg_max(coalesce(numerator = denominator, false), period, {{ points }}) filter (is_valid), true
        ) as has_everybody,
        {%- endif %}
        {%- if is_break != 'false' %}
        max(case when is_break then period end) as broken_at,
        {%- endif %}
        count(value) as valued,
        bool_or(by_counts) as by_counts,
        max(polarity) as polarity,
        max(refusal) as refusal
    from trend_valid
    group by {{ keys | join(', ') }}
),

trend_used as (
    select
        {%- if gaps == 'skip' %}
        * exclude (valid_periods),
        valid_periods as seen,
        valid_periods[:{{ points }}] as used
        {%- else %}
        * exclude (valid_periods, periods),
        periods as seen,
        list_filter(
            valid_periods[:{{ points }}], lambda each: each >= list_min(periods[:{{ points }}])
        ) as used
        {%- endif %}
    from trend_latest
),

-- Its points side by side, the latest last.
trend_points as (
    select
        * exclude (used, seen, firsts, seconds),
        {%- for point in range(1, points + 1) %}
        {%- set place = points + 1 - point %}
        case when not by_counts then firsts[{{ place }}] end as value_{{ point }},
        case when not by_counts then seconds[{{ place }}] end / 3.92e0 as error_{{ point }},
        case when by_counts then firsts[{{ place }}] end as x_{{ point }},
        case when by_counts then seconds[{{ place }}] end as n_{{ point }},
        {%- endfor %}
        len(used) as points,
        used[len(used)] as first_period,
        used[1] as last_period,
        {% for place in range(1, points + 1) -%}
        coalesce(seen[{{ place }}] <> seen[{{ place + 1 }}], true){{ ' and ' if not loop.last }}
        {%- endfor %} as has_one_row_a_period
    from trend_used
),

trend_refusals as (
    select
        *,
        case
            when refusal is not null then refusal
            when not has_one_row_a_period then 'period_repeated'
            when points < {{ points }} and valued >= {{ points }} then 'too_few_limits'
            when points < {{ points }} then 'too_few_points'
            {%- if gaps == 'stop' %}
            when last_period - first_period > {{ points - 1 }} then 'too_few_points'
            {%- endif %}
            {%- if is_break != 'false' %}
            when broken_at > first_period then 'series_break'
            {%- endif %}
            {%- if by_counts is not none %}
            when has_everybody then 'everybody_counted'
            {%- endif %}
            when {{ trend_least('n_# - x_#', points) }} = 0 then 'everybody_counted'
            when {{ trend_least('error_#', points) }} <= 0 then 'limits_of_no_width'
        end as status_reason
    from trend_points
),

-- What is refused has no terms, and so no figures.
trend_terms as (
    select
        *,
        {%- for point in range(1, points + 1) %}
        case
            when status_reason is null and not by_counts then 1 / (error_{{ point }} * error_{{ point }})
        end as w_{{ point }},
        {%- set x = 'x_' ~ point -%}
        {%- set rest = '(n_' ~ point ~ ' - x_' ~ point ~ ')' %}
        case
            when status_reason is not null then null
            when {{ trend_least('x_#', points) }} > 0 then ln({{ x }} / {{ rest }})
            {%- if noughts == 'half' %}
            else ln(({{ x }} + 0.5e0) / ({{ rest }} + 0.5e0))
            {%- else %}
            when {{ x }} > 0 then ln({{ x }} / {{ rest }})
            {%- endif %}
        end as logit_{{ point }}{{ ',' if not loop.last }}
        {%- endfor %}
    from trend_refusals
),

trend_times as (
    select
        *,
        {%- for fit in fits %}
        case
            when by_counts then {{ trend_sum('#e0', points, fit) }} / {{ points if fit == 0 else points - 1 }}
            else {{ trend_sum('w_# * #', points, fit) }} / {{ trend_sum('w_#', points, fit) }}
        end as mean_time_{{ fit }},
        {%- endfor %}
        {{ trend_sum('x_#', points) }} as x,
        {{ trend_sum('n_#', points) }} as n,
        {{ trend_sum('n_# * #', points) }} / {{ trend_sum('n_#', points) }} as mean_time_of_n
    from trend_terms
),

trend_slopes as (
    select
        *,
        {%- for fit in fits %}
        case
            when by_counts then {{ trend_slope('logit_#', '1', 'mean_time_' ~ fit, points, fit) }}
            else {{ trend_slope('value_#', 'w_#', 'mean_time_' ~ fit, points, fit) }}
        end as slope_{{ fit }},
        {%- endfor %}
        {{ trend_sum('(x_# - n_# * x / n) * (# - mean_time_of_n)', points) }} as drift,
        {{ trend_sum('n_# * (# - mean_time_of_n) * (# - mean_time_of_n)', points) }} as spread,
        {{ trend_sum('w_# * (# - mean_time_0) * (# - mean_time_0)', points) }} as precision
    from trend_times
),

trend_tests as (
    select
        *,
        -- Nobody counted in any period is as level as can be.
        case
            when by_counts and x = 0 then 0 * n
            when by_counts then n * drift / x * (n * drift / (n - x)) / spread
            else slope_0 * slope_0 * precision
        end as chi_squared,
        {%- for sign in ['>=', '<'] %}
        {% for fit in fits -%}
        coalesce(slope_{{ fit }}, 0) {{ sign }} 0{{ ' and ' if not loop.last }}
        {%- endfor %} as {{ 'all_rise' if sign == '>=' else 'all_fall' }}{{ ',' if not loop.last }}
        {%- endfor %}
    from trend_slopes
),

trend_results as (
    select
        * replace (
            -- Limits so near each other that their weight is beyond counting.
            case
                when status_reason is not null then status_reason
                when not isfinite(chi_squared) then 'limits_of_no_width'
            end as status_reason
        ),
        case
            when chi_squared <= {{ trend_threshold() if threshold is none else threshold }} then 'no_change'
            when not (all_rise or all_fall) then 'no_change'
            when slope_0 > 0 then 'increasing'
            else 'decreasing'
        end as direction
    from trend_tests
),

trend_judged as (
    select
        *,
        case
            when coalesce(polarity, '') not in ('higher_is_better', 'lower_is_better') then 'no_judgement'
            when direction = 'no_change' then 'similar'
            when (direction = 'decreasing') = (polarity = 'lower_is_better') then 'better'
            else 'worse'
        end as judgement
    from trend_results
)

select
    {{ listed(keys) }}
    {%- for figure in ['direction', 'judgement', 'slope_0', 'chi_squared'] %}
    case when status_reason is null then {{ figure }} end as {{ figure | replace('_0', '') }},
    {%- endfor %}
    case when status_reason is null then all_rise or all_fall end as slopes_agree,
    points,
    first_period,
    last_period,
    {{ refusal_status('status_reason') }} as status,
    status_reason
from trend_judged
{% endmacro %}

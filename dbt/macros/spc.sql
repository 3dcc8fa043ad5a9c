{# Statistical process control by the XmR chart of Making Data Count: one row a row of `relation`,
   with the mean and the limits of its process and the special cause it is part of (common_cause where
   it is part of none). A point without a value is passed over and says so.

   `relation` has one row a point: value, polarity, and `period`, which orders them. `rebase` is true at the
   first point of a new process; each process has its own limits.

   The options are where tools disagree:
   `run`: points on one side of the mean that make a run. `trend`: points that make a trend, each
   further the same way; 7, or 6 in the older rule.
   `two_of_three`: 'within' counts points between two thirds of the way to the limits and the limits;
   'beyond' counts those outside the limits as well; 'off' leaves the rule out.
   `third_on_same_side`: whether all three points must be on one side of the mean.
   `screened`: whether moving ranges of 3.267 times their mean and more are left out, once.
   `outliers_in_mean`: whether a point is left in the mean though every moving range it has is
   screened out.
   `trial_below`: fewer points than this make trial limits, and say so. #}
{% macro method_spc(
    relation, keys, period='period', value='value', polarity='polarity', rebase='false', run=7, trend=7, two_of_three='within',
    third_on_same_side=true, screened=true, outliers_in_mean=true, trial_below=12
) %}
{%- set process = 'partition by ' ~ (keys + ['process', 'is_missing']) | join(', ') ~ ' order by period' -%}
{%- set whole = process ~ ' rows between unbounded preceding and unbounded following' -%}
with spc_rows as (
    select
        {{ listed(keys) }}
        {{ period }} as period,
        {{ finite(value) }} as value,
        {{ finite(value) }} is null as is_missing,
        cast({{ polarity }} as varchar) as polarity,
        count(*) filter ({{ rebase }}) over (
            {{ partition_of(keys) }} order by {{ period }} rows between unbounded preceding and current row
        ) as process
    from {{ relation }}
),

spc_steps as (
    select
        *,
        value - lag(value) over ({{ process }}) as step,
        lead(value) over ({{ process }}) - value as next_step
    from spc_rows
),

spc_ranges as (
    select
        *,
        count(*) over ({{ whole }}) as points,
        3.267e0 * avg(abs(step)) over ({{ whole }}) as outlying
    from spc_steps
),

spc_kept as (
    select
        *,
        {{ 'case when abs(step) < outlying then abs(step) end' if screened else 'abs(step)' }} as kept,
        {% if outliers_in_mean or not screened -%}
        value as kept_value
        {%- else -%}
        case when abs(step) < outlying or abs(next_step) < outlying or points = 1 then value end as kept_value
        {%- endif %}
    from spc_ranges
),

spc_averages as (
    select
        *,
        avg(kept) over ({{ whole }}) as mean_range,
        avg(kept_value) over ({{ whole }}) as near_mean
    from spc_kept
),

spc_limits as (
    select
        *,
        -- Once more over what is left, so that the mean of equal values is exactly their value.
        near_mean + avg(kept_value - near_mean) over ({{ whole }}) as mean
    from spc_averages
),

spc_distances as (
    select
        *,
        mean - 2.66e0 * mean_range as lower_limit,
        mean + 2.66e0 * mean_range as upper_limit,
        2.66e0 * mean_range as reach,
        -- A point on a line is on neither side of it, whatever rounding does to the line.
        case
            when abs(value - mean) <= 1e-12 * greatest(abs(value), abs(mean)) then 0
            else value - mean
        end as distance,
        1e-12 * greatest(abs(value), abs(mean)) as rounding
    from spc_limits
),

spc_sides as (
    select
        *,
        sign(distance) as side,
        coalesce(abs(distance) > reach + rounding, false) as is_outside,
        coalesce(abs(distance) > reach * 2 / 3 + rounding, false)
        {{ "and not coalesce(abs(distance) > reach + rounding, false)" if two_of_three == 'within' }} as is_near_limit
    from spc_distances
),

-- Each pattern at the last of its points.
spc_patterns as (
    select
        *,
        {%- for name, sign, direction in [('above', '>', 1), ('below', '<', -1)] %}
        count(*) filter (side = {{ direction }}) over last_run = {{ run }} as run_{{ name }},
        count(*) filter (step {{ sign }} 0) over last_steps = {{ trend - 1 }} as trend_{{ name }},
        count(*) filter (is_near_limit and side = {{ direction }}) over last_three >= 2
        {%- if third_on_same_side %}
        and count(*) filter (side = {{ direction }}) over last_three = 3
        {%- endif %} as three_{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from spc_sides
    window
        last_run as ({{ process }} rows between {{ run - 1 }} preceding and current row),
        last_steps as ({{ process }} rows between {{ trend - 2 }} preceding and current row),
        last_three as ({{ process }} rows between 2 preceding and current row)
),

-- And at every point that is part of it.
spc_parts as (
    select
        *,
        {%- for name, direction in [('above', 1), ('below', -1)] %}
        bool_or(run_{{ name }}) over next_run as in_run_{{ name }},
        bool_or(trend_{{ name }}) over next_steps as in_trend_{{ name }},
        {{ 'false' if two_of_three == 'off' else 'is_near_limit' }} and side = {{ direction }}
        and bool_or(three_{{ name }}) over next_three as in_three_{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from spc_patterns
    window
        next_run as ({{ process }} rows between current row and {{ run - 1 }} following),
        next_steps as ({{ process }} rows between current row and {{ trend - 1 }} following),
        next_three as ({{ process }} rows between current row and 2 following)
),

spc_causes as (
    select
        *,
        case
            when is_missing then null
            when is_outside then case when side > 0 then 'above_limits' else 'below_limits' end
            -- A turning point is part of two trends, and belongs to the one that it begins.
            when in_trend_above and not (in_trend_below and next_step < 0) then 'rising_trend'
            when in_trend_below then 'falling_trend'
            when in_three_above then 'two_of_three_above'
            when in_three_below then 'two_of_three_below'
            when in_run_above then 'run_above'
            when in_run_below then 'run_below'
            else 'common_cause'
        end as special_cause,
        case
            when is_missing then 'missing_value'
            when not isfinite(mean) then 'impossible_figure'
            when points = 1 then 'limits_need_two_values'
            when mean_range is null then 'no_variation'
            when not isfinite(lower_limit) or not isfinite(upper_limit) then 'impossible_figure'
        end as status_reason
    from spc_parts
)

select
    {{ listed(keys) }}
    period,
    value,
    process,
    case when status_reason <> 'impossible_figure' or status_reason is null then mean end as mean,
    case when status_reason is null then lower_limit end as lower_limit,
    case when status_reason is null then upper_limit end as upper_limit,
    case when not is_missing then points < {{ trial_below }} end as is_trial,
    special_cause,
    case
        when special_cause = 'common_cause' then 'similar'
        when polarity is null then 'no_judgement'
        when special_cause in ('above_limits', 'rising_trend', 'two_of_three_above', 'run_above')
            then {{ judged_side('false', 'polarity') }}
        when special_cause is not null then {{ judged_side('true', 'polarity') }}
    end as judgement,
    {{ refusal_status('status_reason') }} as status,
    status_reason
from spc_causes
{% endmacro %}

{# Whether a process can be relied on to meet its target: met where the limits lie on the good side of
   it, missed where they lie on the other, hit_or_miss where the target is within them. #}
{% macro spc_assurance(target, lower_limit, upper_limit, polarity) -%}
    case
        when {{ polarity }} not in ('higher_is_better', 'lower_is_better') then null
        when {{ target }} > {{ upper_limit }}
            then case when {{ polarity }} = 'higher_is_better' then 'missed' else 'met' end
        when {{ target }} < {{ lower_limit }}
            then case when {{ polarity }} = 'higher_is_better' then 'met' else 'missed' end
        when {{ target }} between {{ lower_limit }} and {{ upper_limit }} then 'hit_or_miss'
    end
{%- endmacro %}

{# How each row of `relation` stands to its goal: one row a row, with `expected_value` (where the path
   says it should be by the end of its period), `state` and `reason`.

   `relation` has baseline_value, baseline_end, target_value, target_by, path, polarity, value, lower_95,
   upper_95 and period_end. Which way is good is told by the target beside the baseline, else by the
   polarity. #}
{% macro method_goal(relation, keys) %}
with goal_rows as (
    select
        {{ listed(keys) }}
        {%- for figure in ['baseline_value', 'target_value', 'value', 'lower_95', 'upper_95'] %}
        {{ finite(figure) }} as {{ figure }},
        {%- endfor %}
        cast(baseline_end as date) as baseline_end,
        cast(target_by as date) as target_by,
        cast(period_end as date) as period_end,
        cast(path as varchar) as path,
        cast(polarity as varchar) as polarity
    from {{ relation }}
),

goal_paths as (
    select
        *,
        case
            when target_value > baseline_value then 1
            when target_value < baseline_value then -1
            when polarity = 'higher_is_better' then 1
            when polarity = 'lower_is_better' then -1
        end as good_side,
        case
            when period_end >= target_by then target_value
            when path = 'at_end' or period_end <= baseline_end then baseline_value
            else baseline_value + (target_value - baseline_value)
                * (period_end - baseline_end) / nullif(target_by - baseline_end, 0)
        end as expected_value
    from goal_rows
),

goal_sides as (
    select
        *,
        case good_side when 1 then lower_95 when -1 then -upper_95 end as worst,
        case good_side when 1 then upper_95 when -1 then -lower_95 end as best
    from goal_paths
),

goal_states as (
    select
        *,
        case
            when value is null then 'no_value'
            when target_value is null or good_side is null then 'not_comparable'
            when worst is null or best is null then 'too_noisy'
            when worst >= good_side * target_value then 'met'
            when expected_value is null then 'no_value'
            when worst >= good_side * expected_value then 'on_track'
            when best < good_side * expected_value then 'off_track'
            else 'too_noisy'
        end as state
    from goal_sides
)

select
    {{ listed(keys) }}
    expected_value,
    state,
    case
        when value is null then 'missing_value'
        when target_value is null then 'target_not_known'
        when good_side is null then 'polarity_not_confirmed'
        when worst is null or best is null then 'no_limits'
        when state = 'no_value' then 'no_baseline_value'
        when state = 'too_noisy' then 'path_within_limits'
    end as reason
from goal_states
{% endmacro %}

{{ config(alias='goals') }}

-- How each goal stands: where the path from the baseline to the target says that the newest value should
-- be, and whether its limits are beyond that. A goal of Fingertips' own has the publisher's verdict and no
-- target: that isn't in its files. Rests only on what this release publishes: a newest value that is held,
-- hidden or taken back gives no figure.
with observed as (
    select
        goals.*,
        indicator_values.period_type,
        indicator_values.period_start,
        indicator_values.period_end,
        indicator_values.period_label,
        indicator_values.origin,
        indicator_values.area_type,
        indicator_values.status,
        indicator_values.definition_version,
        list_contains(indicator_values.flags, 'break_in_series') as is_break,
        {% for figure in ['value', 'lower_95', 'upper_95'] %}
            case when indicator_values.status = 'published' then indicator_values.{{ figure }} end as {{ figure }},
        {% endfor %}
        coalesce(
            indicator_values.period_start = goals.baseline_start
            and indicator_values.period_end = goals.baseline_end, false
        ) as is_baseline
    from {{ ref('int_goals') }} as goals
    inner join {{ ref('indicator_values') }} as indicator_values
        on
            goals.indicator_id = indicator_values.indicator_id
            and goals.area_code = indicator_values.area_code
            and goals.sex = indicator_values.sex
            and goals.age = indicator_values.age
    where
        indicator_values.breakdown_type = 'all'
        and indicator_values.segment = 'all'
        and indicator_values.status in ('published', 'held', 'suppressed', 'withdrawn')
),

-- The kind of period of the baseline; of several, or without one, the newest and then the longest. The
-- publisher's own values speak where there are any.
chosen as (
    select
        goal_id,
        period_type,
        origin
    from observed
    group by goal_id, period_type, origin
    qualify
        row_number() over (
            partition by goal_id
            order by
                bool_or(is_baseline) desc, origin desc, max(period_end) desc,
                max(period_end - period_start) desc, period_type asc
        ) = 1
),

of_series as (
    select observed.*
    from observed
    inner join chosen using (goal_id, period_type, origin)
),

newest as (
    select *
    from of_series
    qualify row_number() over (partition by goal_id order by period_end desc, period_start asc) = 1
),

baselines as (
    select
        goal_id,
        value as baseline_value,
        period_label as baseline_label,
        status as baseline_status,
        definition_version as baseline_version
    from of_series
    where is_baseline
),

breaks as (
    select
        goal_id,
        max(period_start) filter (where is_break) as broken_at
    from of_series
    group by goal_id
),

beside as (
    select
        newest.*,
        baselines.baseline_value,
        baselines.baseline_label,
        case when indicators.is_polarity_confirmed then indicators.polarity end as polarity,
        case
            when newest.status <> 'published' then 'value_' || newest.status
            when baselines.baseline_status <> 'published' then 'baseline_' || baselines.baseline_status
            when
                breaks.broken_at > newest.baseline_start
                or baselines.baseline_version <> newest.definition_version
                then 'series_break'
        end as refusal
    from newest
    inner join {{ ref('int_indicators') }} as indicators on newest.indicator_id = indicators.indicator_id
    left join baselines on newest.goal_id = baselines.goal_id
    left join breaks on newest.goal_id = breaks.goal_id
),

measured as (
    {{ method_goal("(select * from beside where refusal is null)", ['goal_id']) }}
),

set_goals as (
    select
        goals.*,
        beside.area_type,
        beside.period_type,
        beside.period_start,
        beside.period_end,
        beside.period_label,
        beside.origin,
        beside.baseline_label,
        case when beside.refusal is null then beside.baseline_value end as baseline_value,
        case when beside.refusal is null then beside.value end as value,
        case when beside.refusal is null then beside.lower_95 end as lower_95,
        case when beside.refusal is null then beside.upper_95 end as upper_95,
        measured.expected_value,
        case
            when beside.refusal = 'series_break' then 'not_comparable'
            else coalesce(measured.state, 'no_value')
        end as state,
        coalesce(beside.refusal, measured.reason, case when beside.goal_id is null then 'missing_value' end)
            as reason
    from {{ ref('int_goals') }} as goals
    left join beside on goals.goal_id = beside.goal_id
    left join measured on goals.goal_id = measured.goal_id
),

publishers_own as (
    select
        'fingertips: ' || array_to_string(
            [said.indicator_id, said.area_code, said.period_type, said.sex, said.age, said.segment], ', '
        ) as goal_id,
        said.indicator_id,
        said.area_code,
        said.sex,
        said.age,
        'fingertips' as source,
        indicators.owner,
        coalesce(verdicts.certainty, 'recalled') as certainty,
        observed.area_type,
        said.period_type,
        said.period_start,
        said.period_end,
        said.period_label,
        said.origin,
        case when observed.status = 'published' then observed.value end as value,
        case when observed.status = 'published' then observed.lower_95 end as lower_95,
        case when observed.status = 'published' then observed.upper_95 end as upper_95,
        case when observed.status = 'published' then said.verdict end as publisher_verdict,
        case
            when observed.status <> 'published' then 'no_value'
            else coalesce(verdicts.state, 'not_comparable')
        end as state,
        case
            when observed.status <> 'published' then 'value_' || observed.status
            when verdicts.state is null then 'verdict_not_known'
            else 'verdict_of_publisher'
        end as reason
    from {{ ref('int_fingertips__goals') }} as said
    inner join {{ ref('indicator_values') }} as observed on {{ same_key('said', 'observed') }}
    inner join {{ ref('int_indicators') }} as indicators on said.indicator_id = indicators.indicator_id
    left join {{ ref('goal_verdicts') }} as verdicts
        on verdicts.source_id = 'fingertips' and said.verdict = verdicts.verdict
)

select
    every_goal.goal_id,
    every_goal.framework,
    every_goal.edition,
    every_goal.code,
    every_goal.indicator_id,
    every_goal.area_type,
    every_goal.area_code,
    every_goal.sex,
    every_goal.age,
    'all' as segment,
    'all' as breakdown_type,
    'all' as breakdown,
    every_goal.baseline_start,
    every_goal.baseline_end,
    every_goal.baseline_label,
    every_goal.baseline_value,
    every_goal.target_value,
    every_goal.target_by,
    every_goal.path,
    every_goal.period_type,
    every_goal.period_start,
    every_goal.period_end,
    every_goal.period_label,
    every_goal.origin,
    every_goal.value,
    every_goal.lower_95,
    every_goal.upper_95,
    every_goal.expected_value,
    every_goal.state,
    every_goal.reason,
    every_goal.publisher_verdict,
    every_goal.owner,
    every_goal.source,
    coalesce(every_goal.is_stand_in, false) as is_stand_in,
    every_goal.certainty,
    every_goal.note
from (
    select * from set_goals
    union all by name
    select * from publishers_own
) as every_goal

-- Which way each series goes over its latest five points: one row a series, by the rules of
-- Fingertips' recent trend. A series of proportions with counts is tested by its counts, any other by
-- values and limits. Only years that don't overlap are points. Rests only on what this release
-- publishes: where a value among the points is held or hidden, or the definition changed, no trend.
{% set series = [
    'indicator_id', 'area_code', 'period_type', 'sex', 'age', 'segment', 'breakdown_type', 'breakdown', 'origin',
] %}
with {{ trend_points(ref('indicator_values'), ref('indicator_values'), series) }},

measured as (
    {{ method_recent_trend(
        'points', series, period='period_start', is_proportion='by_counts', refusal='refusal'
    ) }}
),

-- What a trend must not reach over, which few series have: values that are held, hidden or taken
-- back, and the first value by another definition than the one before. Those after a break are read where
-- they stand apart (int_kept_back): to find their flag would be to make the flags of all values.
obstacles as (
    select
        {{ listed(series) }}
        max(case when status in ('held', 'suppressed', 'withdrawn') then period_start end) as set_aside_at,
        max(case when is_broken then period_start end) as broken_at
    from (
        select
            {{ listed(series) }}
            period_start,
            status,
            false as is_broken
        from {{ ref('indicator_values') }}
        where status in ('held', 'suppressed', 'withdrawn')
        union all
        select
            {{ listed(series) }}
            period_start,
            null as status,
            is_broken
        from {{ ref('int_kept_back') }}
        where is_broken
    )
    group by {{ series | join(', ') }}
),

redefined as (
    select
        {{ listed(series) }}
        max(case when definition_version <> version_before then period_start end) as redefined_at
    from (
        select
            {{ listed(series, 'indicator_values.') }}
            indicator_values.period_start,
            indicator_values.definition_version,
            lag(indicator_values.definition_version) over (
                partition by {{ series | join(', ') }}
                order by indicator_values.period_start
            ) as version_before
        from {{ ref('indicator_values') }} as indicator_values
        -- Nearly always none: the values of one release follow one definition.
        semi join (
            select
                indicator_id,
                origin
            from counted
            where has_versions
        ) as changing
            on indicator_values.indicator_id = changing.indicator_id and indicator_values.origin = changing.origin
    )
    group by {{ series | join(', ') }}
),

reasoned as (
    select
        measured.*,
        coalesce(areas.area_type, 'unknown') as area_type,
        case
            when indicators.value_type = 'proportion' and counted.has_counts then 'recent_trend_of_counts'
            else 'recent_trend_of_limits'
        end as method,
        case
            when measured.status_reason is not null then measured.status_reason
            when obstacles.set_aside_at >= measured.first_period then 'value_set_aside'
            when obstacles.broken_at > measured.first_period then 'series_break'
            when redefined.redefined_at > measured.first_period then 'series_break'
        end as reason
    from measured
    inner join {{ ref('int_indicators') }} as indicators on measured.indicator_id = indicators.indicator_id
    inner join counted on measured.indicator_id = counted.indicator_id and measured.origin = counted.origin
    left join {{ ref('int_areas') }} as areas on measured.area_code = areas.area_code
    left join obstacles
        on
    {% for column in series %}
            measured.{{ column }} = obstacles.{{ column }}{{ ' and' if not loop.last }}
    {% endfor %}
    left join redefined
        on
    {% for column in series %}
            measured.{{ column }} = redefined.{{ column }}{{ ' and' if not loop.last }}
    {% endfor %}
)

select
    {{ listed(series) }}
    area_type,
    case when reason is null then direction else 'not_calculated' end as direction,
    case when reason is null then judgement else 'not_compared' end as judgement,
    reason,
    points,
    first_period as first_period_start,
    last_period as last_period_start,
    case when reason is null then method end as method
from reasoned

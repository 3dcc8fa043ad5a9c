{# Two CTEs: `counted`, what is known of an indicator's values as a whole, and `points`, the rows of `those`
   as the recent trend takes them. `all_values` are all that are there, and `those` all or some of
   them. Only what is published is a point, and only years that don't overlap are. #}
{% macro trend_points(all_values, those, series) %}
counted as (
    select
        indicator_id,
        origin,
        min(definition_version) <> max(definition_version) as has_versions,
        count(numerator) > 0 as has_counts
    from {{ all_values }}
    group by indicator_id, origin
),

-- The same few rows with what the registry knows, so that the many join once.
known as (
    select
        counted.indicator_id,
        counted.origin,
        indicators.value_type,
        indicators.value_type = 'proportion' and counted.has_counts as by_counts,
        case when indicators.is_polarity_confirmed then indicators.polarity end as polarity
    from counted
    inner join {{ ref('int_indicators') }} as indicators on counted.indicator_id = indicators.indicator_id
),

points as (
    select
        {{ listed(series, 'taken.') }}
        taken.period_start,
        {% for figure in ['value', 'lower_95', 'upper_95', 'numerator', 'denominator'] %}
            case when taken.status = 'published' then taken.{{ figure }} end as {{ figure }},
        {% endfor %}
        known.by_counts,
        known.polarity,
        case
            when known.value_type = 'count' then 'count_depends_on_size'
            when regexp_matches(taken.period_type, '_(years|quarters)_[0-9]+$')
                then 'overlapping_periods'
            when not ends_with(taken.period_type, '_year') then 'periods_not_annual'
        end as refusal
    from {{ those }} as taken
    inner join known on taken.indicator_id = known.indicator_id and taken.origin = known.origin
)
{% endmacro %}

-- Rows that landed and have no place among the values, counted by reason: none is lost unseen.
select
    observations.source_id,
    observations.source_code,
    case
        when observations.indicator_id is null then 'indicator_not_registered'
        when observations.is_without_area then 'area_without_code'
        when observations.period_label is null then 'period_not_stated'
        else 'period_not_understood'
    end as reason,
    min(observations.period_label) as example_period,
    cast(sum(observations.row_count) as bigint) as row_count
from {{ ref('int_labels_landed') }} as observations
left join {{ ref('int_indicators') }} as indicators using (indicator_id)
left join {{ ref('int_periods') }} as periods
    on
        observations.period_label = periods.period_label
        and periods.year_type = coalesce(indicators.year_type, 'financial')
where
    observations.indicator_id is null
    or observations.is_without_area
    or periods.period_label is null
group by all

-- Each period label with the days it means, and what two periods need to be alike: the kind of year,
-- how many years are pooled in it, and whether it overlaps others of its series. A label that isn't
-- understood has no dates, and its rows are set aside by name.
with labels as (
    select distinct
        observations.period_label,
        observations.indicator_id,
        coalesce(indicators.year_type, 'financial') as year_type
    from {{ ref('int_labels_landed') }} as observations
    inner join {{ ref('int_indicators') }} as indicators using (indicator_id)
    where observations.period_label is not null
),

parsed as (
    select
        period_label,
        year_type,
        {{ parse_period('period_label', 'year_type') }} as period
    from (
        select distinct
            period_label,
            year_type
        from labels
    ) as distinct_labels
),

dated as (
    select
        period_label,
        year_type,
        period.type as period_type,
        period.starts as period_start,
        period.ends as period_end,
        cast(date_diff('month', period.starts, period.ends + 1) as integer) as months
    from parsed
    where period is not null
),

-- Figures of three years that come every year share years with each other.
overlapping as (
    select distinct
        periods.period_label,
        periods.year_type
    from labels
    inner join dated as periods using (period_label, year_type)
    inner join labels as other_labels
        on labels.indicator_id = other_labels.indicator_id and labels.period_label <> other_labels.period_label
    inner join dated as others
        on other_labels.period_label = others.period_label and other_labels.year_type = others.year_type
    where
        periods.period_type = others.period_type
        and periods.period_start <= others.period_end
        and others.period_start <= periods.period_end
        and periods.period_start <> others.period_start
)

select
    dated.period_label,
    dated.year_type,
    dated.period_type,
    dated.period_start,
    dated.period_end,
    cast(dated.period_end - dated.period_start as integer) + 1 as days,
    dated.months,
    split_part(dated.period_type, '_', 1) as year_kind,
    round(dated.months / 12.0, 2) as years_pooled,
    dated.months > 12 as is_pooled,
    overlapping.period_label is not null as is_rolling
from dated
left join overlapping using (period_label, year_type)

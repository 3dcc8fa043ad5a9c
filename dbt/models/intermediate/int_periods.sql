-- Each period label with the days it means. A label that isn't understood has no dates, and its
-- rows are set aside by name.
with labels as (
    select distinct
        observations.period_label,
        coalesce(indicators.year_type, 'financial') as year_type
    from {{ ref('int_observations_unioned') }} as observations
    inner join {{ ref('int_indicators') }} as indicators using (indicator_id)
    where observations.period_label is not null
),

parsed as (
    select
        period_label,
        year_type,
        {{ parse_period('period_label', 'year_type') }} as period
    from labels
)

select
    period_label,
    year_type,
    period.type as period_type,
    period.starts as period_start,
    period.ends as period_end
from parsed
where period is not null

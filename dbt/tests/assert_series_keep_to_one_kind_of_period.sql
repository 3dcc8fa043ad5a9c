-- The periods of one series are of one length and begin in the same month, save quarters; so years,
-- pooled years, and years that begin otherwise are never points of one line.
with kinds as (
    select
        groups.indicator_id,
        groups.area_type,
        groups.source_id,
        groups.period_type,
        periods.months,
        periods.year_kind,
        extract('month' from periods.period_start) as first_month
    from {{ ref('evidence_groups') }} as groups
    inner join {{ ref('int_periods') }} as periods
        on
            groups.period_type = periods.period_type
            and groups.period_start = periods.period_start
            and groups.period_end = periods.period_end
)

select
    indicator_id,
    area_type,
    source_id,
    period_type
from kinds
group by indicator_id, area_type, source_id, period_type
having
    count(distinct months) > 1
    or count(distinct year_kind) > 1
    or (count(distinct first_month) > 1 and period_type not like '%quarter%')

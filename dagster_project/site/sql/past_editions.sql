-- Editions of which another speaks of a later time: an edition speaks of its own time alone.
with newest as (
    select
        members.framework,
        members.edition,
        coalesce(max(h.period_end), date '0001-01-01') as period_end
    from (select distinct framework, edition from framework_indicators) as members
    left join headlines as h using (framework, edition)
    group by members.framework, members.edition
)

select
    framework,
    edition
from newest
qualify period_end < max(period_end) over (partition by framework)

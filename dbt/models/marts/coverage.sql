-- For each framework indicator: whether this release holds values of it, from where and up to when.
with live as (
    select
        indicator_id,
        count(*) filter (where status = 'published') as published_values,
        count(distinct area_code) filter (where status = 'published') as published_areas,
        max(period_end) filter (where status = 'published') as latest_period_end,
        string_agg(distinct source_id, '; ' order by source_id) as sources
    from {{ ref('indicator_values') }}
    group by indicator_id
)

select
    members.framework,
    members.edition,
    members.code,
    members.indicator_id,
    members.title,
    members.domain_code,
    case
        when live.published_values > 0 then 'live'
        when live.indicator_id is not null then 'landed_nothing_published'
        when indicators.life_cycle = 'ended' then 'ended'
        else 'no_source_landed'
    end as coverage,
    coalesce(live.published_values, 0) as published_values,
    coalesce(live.published_areas, 0) as published_areas,
    live.latest_period_end,
    live.sources
from {{ ref('int_framework_indicators') }} as members
inner join {{ ref('int_indicators') }} as indicators using (indicator_id)
left join live using (indicator_id)

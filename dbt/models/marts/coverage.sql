-- For each framework indicator: whether this release holds values of it, from where and up to when; if
-- not, why the cell is empty, and who owes what. The words are those of state_words.
{% set waiting = "'source_lacks_it', 'computable', 'no_source_landed', 'stand_in'" %}
with live as (
    select
        indicator_id,
        count(*) filter (where status = 'published') as published_values,
        count(distinct area_code) filter (where status = 'published') as published_areas,
        max(period_end) filter (where status = 'published') as latest_period_end,
        string_agg(distinct source_id, '; ' order by source_id) as sources
    from {{ ref('indicator_values') }}
    group by indicator_id
),

-- What was made up to try things out is no file of the source.
landed as (
    select distinct source_id from {{ ref('stg_ledger__extracts') }}
    where not is_synthetic
),

-- Whose files the registry knows to hold it: those that haven't landed, and those that have.
known_sources as (
    select
        known.indicator_id,
        string_agg(distinct known.source_id, '; ' order by known.source_id) filter (where landed.source_id is null)
            as missing,
        string_agg(distinct known.source_id, '; ' order by known.source_id) filter (where landed.source_id is not null)
            as landed
    from (
        select
            indicator_id,
            source_id
        from {{ ref('indicator_sources') }}
        union
        select
            indicator_id,
            source_id
        from {{ ref('int_indicators') }}
        where source_id is not null
    ) as known
    left join landed on known.source_id = landed.source_id
    group by known.indicator_id
),

this_release as (
    select any_value(is_synthetic) as is_synthetic from {{ source('run', 'context') }}
),

stated as (
    select
        members.framework,
        members.edition,
        members.code,
        members.indicator_id,
        members.title,
        members.domain_code,
        case
            -- The values of a retired measure stay; the framework no longer speaks of them.
            when members.life_cycle = 'retired' then 'ended'
            when live.published_values > 0 and this_release.is_synthetic then 'made_up'
            when live.published_values > 0 then 'live'
            when live.indicator_id is not null then 'landed_nothing_published'
            when members.role = 'placeholder' then 'placeholder'
            when indicators.life_cycle = 'ended' then 'ended'
            when members.is_stand_in then 'stand_in'
            when known_sources.landed is not null and known_sources.missing is null then 'source_lacks_it'
            when
                known_sources.missing is not null
                and indicators.numerator is not null
                and indicators.denominator is not null
                and indicators.value_type in (
                    select methods.value_type from {{ ref('methods') }} as methods
                    where methods.needs <> 'nothing'
                )
                then 'computable'
            else 'no_source_landed'
        end as coverage,
        members.is_stand_in,
        coalesce(live.published_values, 0) as published_values,
        coalesce(live.published_areas, 0) as published_areas,
        live.latest_period_end,
        live.sources,
        known_sources.missing,
        known_sources.landed,
        coalesce(members.owner_partner, indicators.owner) as owner
    from {{ ref('int_framework_indicators') }} as members
    inner join {{ ref('int_indicators') }} as indicators using (indicator_id)
    left join live using (indicator_id)
    left join known_sources using (indicator_id)
    cross join this_release
)

select
    stated.framework,
    stated.edition,
    stated.code,
    stated.indicator_id,
    stated.title,
    stated.domain_code,
    stated.coverage,
    words.meaning,
    stated.is_stand_in,
    stated.published_values,
    stated.published_areas,
    stated.latest_period_end,
    stated.sources,
    case when stated.coverage in ({{ waiting }}) then stated.missing end as waits_for,
    case when stated.coverage in ({{ waiting }}) then stated.landed end as lacked_by,
    stated.owner
from stated
left join {{ ref('state_words') }} as words
    on
        words.released_table = 'coverage'
        and words.column_name = 'coverage'
        and stated.coverage = words.word

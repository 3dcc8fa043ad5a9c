{{ config(materialized='view') }}

-- PROMs in the common shape: adjusted health gain of each provider, commissioner and England, and
-- how many improved. Hip and knee replacement are the measures; primary and revision a cut of each.
-- The series repeats its last year with fewer digits: where the year's own file is held, it counts.
with health_gain as (
    select
        extract_id,
        period,
        procedure,
        organisation_type,
        organisation_code,
        measure,
        adjusted_health_gain as value,
        marker,
        cast(null as double) as numerator,
        modelled_records as denominator,
        modelled_records
    from {{ ref('stg_proms__measures') }}
    union all by name
    select
        series.extract_id,
        series.period,
        series.procedure,
        case series.organisation_code when 'England' then 'England' else 'Provider' end as organisation_type,
        series.organisation_code,
        series.measure,
        series.adjusted_health_gain as value,
        coalesce(series.modelled_records_marker, series.marker) as marker,
        cast(null as double) as numerator,
        series.modelled_records as denominator,
        series.modelled_records
    from {{ ref('stg_proms__series') }} as series
    anti join {{ ref('stg_proms__measures') }} as measures
        on
            series.period = measures.period
            and series.procedure = measures.procedure
            and series.organisation_code = measures.organisation_code
            and series.measure = measures.measure
),

improved as (
    select
        extract_id,
        period,
        procedure,
        organisation_type,
        organisation_code,
        measure,
        improved_pct as value,
        marker,
        improved as numerator,
        total as denominator,
        cast(null as double) as modelled_records
    from {{ ref('stg_proms__key_facts') }}
),

both_kinds as (
    select
        *,
        'Total ' || regexp_extract(procedure, '(Hip|Knee) Replacement') || '|' || measure as source_code
    from health_gain
    union all by name
    select
        *,
        regexp_extract(procedure, '(Hip|Knee) Replacement') || '|' || measure as source_code
    from improved
),

years as (
    select distinct
        period,
        make_date(cast(left(period, 4) as integer), 4, 1) as starts
    from both_kinds
),

-- A commissioner's code may have been another area's before: the year says whose it is. Where two
-- merged after the year but before the pack was issued, its figures are those of the merged one.
commissioners as (
    select
        years.period,
        areas.ods_code,
        areas.area_code
    from years
    inner join {{ ref('areas') }} as areas
        on
            areas.area_type = 'sub_icb'
            and coalesce(cast(areas.valid_to as date), date '9999-12-31') >= years.starts
    qualify row_number() over (partition by years.period, areas.ods_code order by areas.valid_from) = 1
),

placed as (
    select
        both_kinds.*,
        nullif(regexp_extract(both_kinds.procedure, '(Primary|Revision)$', 1), '') as kind,
        case both_kinds.organisation_type
            when 'England' then 'E92000001'
            when 'Provider' then both_kinds.organisation_code
            else commissioners.area_code
        end as area_code
    from both_kinds
    left join commissioners
        on
            both_kinds.organisation_type like 'CCG%'
            and both_kinds.organisation_code = commissioners.ods_code
            and both_kinds.period = commissioners.period
)

select
    'proms' as source_id,
    placed.extract_id,
    placed.source_code,
    indicators.indicator_id,
    placed.area_code,
    placed.organisation_code as area_given,
    placed.period as period_label,
    coalesce(sources.sex, 'Persons') as sex,
    coalesce(sources.age, 'All ages') as age,
    'all' as segment,
    case when placed.kind is null then 'all' else 'Procedure' end as breakdown_type,
    coalesce(placed.kind, 'all') as breakdown,
    coalesce(sources.population_basis, indicators.population_basis) as population_basis,
    placed.value,
    {{ no_limits() }},
    case when placed.value is not null then placed.numerator end as numerator,
    -- In the series an average may stand beside no records at all.
    case when placed.value is not null then nullif(placed.denominator, 0) end as denominator,
    'published' as origin,
    case
        when placed.value is not null then 'published'
        -- Counted, and too few: the publisher adjusts no average of fewer than thirty, save a few.
        when placed.modelled_records > 0 then 'not_calculated'
        else coalesce(notes.status, 'not_available')
    end as status,
    case
        when placed.value is not null then null
        when placed.modelled_records > 0 then 'too_few_events'
        when placed.modelled_records = 0 then 'zero_denominator'
        else coalesce(notes.status_reason, 'not_available_from_publisher')
    end as status_reason
from placed
left join {{ ref('publisher_notes') }} as notes
    on notes.source_id = 'proms' and placed.marker = notes.marker
left join {{ ref('int_indicator_sources') }} as sources
    on sources.source_id = 'proms' and placed.source_code = sources.source_code
left join {{ ref('int_indicators') }} as indicators
    on sources.indicator_id = indicators.indicator_id

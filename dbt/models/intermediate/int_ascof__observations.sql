{{ config(materialized='view') }}

-- ASCOF in the common shape: the measure types of a cell side by side. Survey measures carry the
-- published margin of error, which gives 95% limits and no others; nothing is worked out from
-- numerators and denominators, which are weighted and rounded.
with rows_of_both as (
    select
        'ascof' as source_id,
        extract_id,
        period,
        area_code,
        area_name,
        area_level,
        measure_code,
        measure_group,
        disaggregation,
        measure_type,
        measure_value,
        marker
    from {{ ref('stg_ascof__measures') }}
    union all by name
    select
        'ascof_compiled' as source_id,
        extract_id,
        period,
        area_code,
        area_name,
        area_level,
        measure_group as measure_code,
        measure_group,
        disaggregation,
        measure_type,
        measure_value,
        marker
    from {{ ref('stg_ascof__compiled') }}
),

cells as (
    select
        source_id,
        extract_id,
        period,
        area_code,
        area_name,
        area_level,
        measure_code,
        measure_group,
        disaggregation,
        max(measure_value) filter (where measure_type = 'outcome') as value,
        max(marker) filter (where measure_type = 'outcome') as marker,
        max(measure_value) filter (where measure_type = 'numerator') as numerator,
        max(measure_value) filter (where measure_type = 'denominator') as denominator,
        max(measure_value) filter (where measure_type = 'base') as base,
        max(measure_value) filter (where measure_type = 'margin of error') as margin
    from rows_of_both
    group by all
),

-- The 2024-25 file has no measure group: it is the longest known code that begins the measure's.
with_group as (
    select
        cells.* exclude (measure_group),
        coalesce(cells.measure_group, known.source_code) as measure_group
    from cells
    left join (
        select distinct source_code from {{ ref('int_indicator_sources') }}
        where source_id = 'ascof'
    ) as known
        on
            cells.measure_group is null
            and starts_with(cells.measure_code, known.source_code)
            and regexp_full_match(
                substr(cells.measure_code, length(known.source_code) + 1),
                '(M|F|1864|65OV|64U|6584|85OV|6574|7584)?'
            )
    qualify
        row_number() over (
            partition by
                cells.source_id, cells.extract_id, cells.period, cells.area_code,
                cells.area_name, cells.measure_code, cells.disaggregation
            order by length(known.source_code) desc nulls last
        ) = 1
)

select
    with_group.source_id,
    with_group.extract_id,
    with_group.measure_group as source_code,
    indicators.indicator_id,
    with_group.area_code,
    with_group.area_name as area_given,
    with_group.period as period_label,
    case
        when with_group.disaggregation in ('Male', 'Female') then with_group.disaggregation
        else coalesce(sources.sex, 'Persons')
    end as sex,
    case with_group.disaggregation
        when '18-64' then '18-64 yrs'
        when '64 and under' then '<65 yrs'
        when '65-74' then '65-74 yrs'
        when '65-84' then '65-84 yrs'
        when '75-84' then '75-84 yrs'
        when '65 and over' then '65+ yrs'
        when '85 and over' then '85+ yrs'
        else coalesce(sources.age, 'All ages')
    end as age,
    'all' as segment,
    'all' as breakdown_type,
    'all' as breakdown,
    coalesce(sources.population_basis, indicators.population_basis) as population_basis,
    with_group.value,
    with_group.value - with_group.margin as lower_95,
    with_group.value + with_group.margin as upper_95,
    cast(null as double) as lower_998,
    cast(null as double) as upper_998,
    with_group.numerator,
    coalesce(with_group.denominator, with_group.base) as denominator,
    'published' as origin,
    {{ status_by_notes('with_group.value') }}
from with_group
left join {{ ref('publisher_notes') }} as notes
    on
        with_group.source_id = notes.source_id
        and with_group.marker = notes.marker
left join {{ ref('int_indicator_sources') }} as sources
    on
        with_group.source_id = sources.source_id
        and sources.source_code = with_group.measure_group
        -- The codes were reused from 2023/24: the year says which measure this is.
        and make_date(cast(left(with_group.period, 4) as integer), 4, 1)
        between sources.period_from and sources.period_to
left join {{ ref('int_indicators') }} as indicators
    on sources.indicator_id = indicators.indicator_id

{{ config(materialized='view') }}

-- Numerators and denominators of QOF prevalence: people on the register out of the list of the age
-- the register covers, summed from practices to every level above. Each sum is over practices, so
-- no area is counted under two codes. What they come to is the indicator's method's business.
-- Of two files of one year one counts, whole: that of the latest vintage, else the last that was taken
-- in. Registers are no exception: sums over two files would be nobody's, so a corrected file replaces
-- all of the one before, and the practices that it lacks are not in England's sum.
with registers as (
    select registers.*
    from {{ ref('stg_qof__registers') }} as registers
    inner join {{ ref('int_latest_extracts') }} using (extract_id)
),

geography as (
    select geography.*
    from {{ ref('stg_qof__practice_geography') }} as geography
    inner join {{ ref('int_latest_extracts') }} using (extract_id)
),

practices as (
    select
        registers.extract_id,
        registers.period,
        registers.group_code,
        registers.numerator,
        registers.denominator,
        geography.practice_code,
        geography.pcn_code,
        geography.sub_icb_code,
        geography.icb_code,
        geography.nhs_region_code,
        'E92000001' as england_code
    from registers
    inner join geography
        on
            registers.practice_code = geography.practice_code
            and registers.period = geography.period
),

levels as (
    select
        max(extract_id) as extract_id,
        period,
        group_code,
        coalesce(
            practice_code, pcn_code, sub_icb_code, icb_code, nhs_region_code, england_code
        ) as area_code,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from practices
    group by
        grouping sets (
            (period, group_code, practice_code),
            (period, group_code, pcn_code),
            (period, group_code, sub_icb_code),
            (period, group_code, icb_code),
            (period, group_code, nhs_region_code),
            (period, group_code, england_code)
        )
    having coalesce(
        practice_code, pcn_code, sub_icb_code, icb_code, nhs_region_code, england_code
    ) is not null
)

select
    'qof' as source_id,
    levels.extract_id,
    levels.group_code as source_code,
    indicators.indicator_id,
    levels.area_code,
    levels.period as period_label,
    coalesce(sources.sex, 'Persons') as sex,
    coalesce(sources.age, 'All ages') as age,
    'all' as segment,
    'all' as breakdown_type,
    'all' as breakdown,
    coalesce(sources.population_basis, indicators.population_basis) as population_basis,
    levels.numerator,
    levels.denominator,
    coalesce(sources.value_origin, 'computed') as origin
from levels
left join {{ ref('int_indicator_sources') }} as sources
    on sources.source_id = 'qof' and levels.group_code = sources.source_code
left join {{ ref('int_indicators') }} as indicators
    on sources.indicator_id = indicators.indicator_id

{{ config(materialized='view') }}

-- NHSOF files in the common shape. A file is known by its number, which was never used again, and
-- only else by its code: where an edition gave the code to another measure, rows of periods before
-- that edition are set aside. No file was seen when this was written: what isn't understood, a word
-- for a sex among it, is left without an area or an indicator, and is counted.
with latest_version as (
    select *
    from {{ ref('stg_nhsof__values') }}
    qualify
        file_version = max(file_version) over (
            partition by
                indicator_number, period_label, quarter, breakdown_type, level, level_description, sex, age
        )
),

area_names as (
    select
        lower(area_name) as area_name,
        max_by(area_code, coalesce(valid_to, '9999-12-31')) as area_code
    from {{ ref('areas') }}
    where area_type in ('region', 'utla', 'district')
    group by lower(area_name)
    having count(distinct area_type) = 1
),

parts as (
    select
        *,
        -- The name of a part stands under `Level description` in some files, under `Level` in others.
        coalesce(level_description, level) as part,
        case
            when regexp_full_match(lower(breakdown_type), 'gender|sex') then 'sex'
            when regexp_full_match(lower(breakdown_type), 'age|age (band|group).*') then 'age'
            when
                regexp_matches(
                    lower(breakdown_type), 'deprivation|ethnic|condition|procedure|religion|orientation'
                )
                then 'other'
        end as cut,
        case
            when period_label = '' then null
            when regexp_matches(quarter, '[1-4]') then period_label || ' Q' || regexp_extract(quarter, '[1-4]')
            else period_label
        end as full_period_label
    from latest_version
),

sexes as (
    select
        *,
        case
            when cut = 'sex' and regexp_full_match(lower(part), 'm|males?|men') then 'Male'
            when cut = 'sex' and regexp_full_match(lower(part), 'f|females?|women') then 'Female'
        end as part_sex
    from parts
),

placed as (
    select
        sexes.*,
        case
            -- Else a part of England that nobody foresaw would pass for all of it.
            when sexes.cut = 'sex' and sexes.part_sex is null then null
            when regexp_full_match(sexes.level, '[EJKNSW][0-9]{8}') then sexes.level
            when
                sexes.cut is not null
                or lower(sexes.breakdown_type) in ('england', 'national')
                or lower(sexes.part) = 'england' then 'E92000001'
            else area_names.area_code
        end as area_code
    from sexes
    left join area_names on lower(sexes.part) = area_names.area_name
)

select
    'nhsof' as source_id,
    placed.extract_id,
    placed.indicator_code || ' ' || placed.indicator_number as source_code,
    indicators.indicator_id,
    placed.area_code,
    placed.part as area_given,
    placed.full_period_label as period_label,
    coalesce(placed.part_sex, placed.sex, by_number.sex, by_code.sex, 'Persons') as sex,
    case
        when placed.cut = 'age' then placed.part
        else coalesce(placed.age, by_number.age, by_code.age, 'All ages')
    end as age,
    'all' as segment,
    case when placed.cut = 'other' then placed.breakdown_type else 'all' end as breakdown_type,
    case when placed.cut = 'other' then placed.part else 'all' end as breakdown,
    coalesce(by_number.population_basis, by_code.population_basis, indicators.population_basis) as population_basis,
    placed.value,
    placed.lower_95,
    placed.upper_95,
    cast(null as double) as lower_998,
    cast(null as double) as upper_998,
    placed.numerator,
    placed.denominator,
    'published' as origin,
    {{ status_by_notes('placed.value') }}
from placed
left join {{ ref('publisher_notes') }} as notes
    on notes.source_id = 'nhsof' and placed.marker = notes.marker
left join {{ ref('int_indicator_sources') }} as by_number
    on by_number.source_id = 'nhsof' and placed.indicator_number = by_number.source_code
left join {{ ref('int_indicator_sources') }} as by_code
    on
        by_code.source_id = 'nhsof'
        and placed.indicator_code = by_code.source_code
        and make_date(try_cast(left(placed.period_label, 4) as integer), 4, 1)
        between by_code.period_from and by_code.period_to
left join {{ ref('int_indicators') }} as indicators
    on coalesce(by_number.indicator_id, by_code.indicator_id) = indicators.indicator_id

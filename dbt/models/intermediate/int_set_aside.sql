-- Rows that landed and have no place among the values, counted by reason, file and what stood there: none is
-- lost unseen. A file that another of its period replaced in its place is no longer spoken of. The reasons have
-- their words in dagster_project/set_aside.py.
with replaced as (
    select extract_order.earlier_id as extract_id
    from {{ ref('int_extract_order') }} as extract_order
    inner join {{ ref('stg_ledger__extracts') }} as earlier on extract_order.earlier_id = earlier.extract_id
    inner join {{ ref('stg_ledger__extracts') }} as later on extract_order.later_id = later.extract_id
    where extract_order.is_replacement and earlier.period is not distinct from later.period
),

without_place as (
    select
        observations.source_id,
        -- What a definition counts comes from many files.
        case
            when coalesce(observations.source_code <> observations.indicator_id, true) then observations.extract_id
        end as extract_id,
        observations.source_code,
        case
            when observations.indicator_id is null then 'indicator_not_registered'
            when observations.is_without_area then 'area_without_code'
            when observations.period_label is null then 'period_not_stated'
            else 'period_not_understood'
        end as reason,
        case
            when observations.indicator_id is null then observations.source_code
            when observations.is_without_area then observations.area_given
            else observations.period_label
        end as got,
        observations.row_count
    from {{ ref('int_labels_landed') }} as observations
    anti join replaced on observations.extract_id = replaced.extract_id
    left join {{ ref('int_indicators') }} as indicators using (indicator_id)
    left join {{ ref('int_periods') }} as periods
        on
            observations.period_label = periods.period_label
            and periods.year_type = coalesce(indicators.year_type, 'financial')
    where
        observations.indicator_id is null
        or observations.is_without_area
        or periods.period_label is null
),

-- Registers are summed by what QOF's geography of the same year says of their practices.
practices_mapped as (
    select
        geography.practice_code,
        geography.period
    from {{ ref('stg_qof__practice_geography') }} as geography
    inner join {{ ref('int_latest_extracts') }} using (extract_id)
),

years_mapped as (
    select distinct period from practices_mapped
),

without_geography as (
    select
        'qof' as source_id,
        registers.extract_id,
        registers.group_code as source_code,
        case
            when years_mapped.period is null then 'geography_not_landed'
            else 'practice_not_in_geography'
        end as reason,
        case when years_mapped.period is null then registers.period else registers.practice_code end as got,
        1 as row_count
    from {{ ref('stg_qof__registers') }} as registers
    inner join {{ ref('int_latest_extracts') }} using (extract_id)
    anti join practices_mapped
        on registers.practice_code = practices_mapped.practice_code and registers.period = practices_mapped.period
    left join years_mapped on registers.period = years_mapped.period
),

of_both as (
    select * from without_place
    union all
    select * from without_geography
)

select
    of_both.source_id,
    extracts.relative_path as file,
    of_both.source_code,
    of_both.reason,
    of_both.got,
    cast(sum(of_both.row_count) as bigint) as row_count
from of_both
left join {{ ref('stg_ledger__extracts') }} as extracts on of_both.extract_id = extracts.extract_id
group by all

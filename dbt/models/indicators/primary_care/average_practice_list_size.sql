-- Patients and practices by sub-ICB location, board, NHS region and England, of the practices of QOF's
-- files: lists of all ages (TOTAL), which every register of all ages repeats. Of two files of a year the
-- later counts, whole.
with lists as (
    select
        registers.period,
        registers.practice_code,
        max(registers.denominator) as patients
    from {{ ref('stg_qof__registers') }} as registers
    inner join {{ ref('int_latest_extracts') }} as extracts on registers.extract_id = extracts.extract_id
    where registers.list_type = 'TOTAL'
    group by
        registers.period,
        registers.practice_code
),

practices as (
    select
        lists.period,
        lists.patients,
        geography.sub_icb_code,
        geography.icb_code,
        geography.nhs_region_code
    from lists
    inner join {{ ref('stg_qof__practice_geography') }} as geography
        on lists.practice_code = geography.practice_code and lists.period = geography.period
    inner join {{ ref('int_latest_extracts') }} as extracts on geography.extract_id = extracts.extract_id
    where lists.patients > 0
),

placed as (
    select
        'sub_icb' as area_type,
        sub_icb_code as area_code,
        period,
        patients
    from practices
    union all
    select
        'icb' as area_type,
        icb_code as area_code,
        period,
        patients
    from practices
    union all
    select
        'nhs_region' as area_type,
        nhs_region_code as area_code,
        period,
        patients
    from practices
    union all
    select
        'england' as area_type,
        'E92000001' as area_code,
        period,
        patients
    from practices
)

select
    area_type,
    area_code,
    'financial_year' as period_type,
    cast(concat(substring(period, 1, 4), '-04-01') as date) as period_start,
    cast(concat(cast(cast(substring(period, 1, 4) as integer) + 1 as varchar), '-03-31') as date) as period_end,
    'Persons' as sex,
    'All ages' as age,
    'all' as segment,
    'all' as breakdown_type,
    'all' as breakdown,
    'all' as band,
    cast(sum(patients) as double) as numerator,
    cast(count(*) as double) as denominator
from placed
where area_code is not null
group by
    area_type,
    area_code,
    period

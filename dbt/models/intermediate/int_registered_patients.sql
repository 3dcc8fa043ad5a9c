-- Registered list sizes: one row per day of counting and area. Sub-ICB locations (CCGs until June 2022,
-- under their codes of that day) and England are the practices of the day added up. More people are
-- registered than live in England, by 7% in January 2021: a registered basis, never a resident one.
-- The day stands in the rows and not in the ledger. Of the extracts of one day that of the latest
-- vintage counts, then the last that was taken in.
with days as (
    select distinct
        extract_id,
        counted_on
    from {{ ref('stg_registered_patients__totals') }}
),

ordered as (
    select
        days.extract_id,
        days.counted_on,
        row_number() over (
            partition by days.counted_on
            order by {{ latest_first('extracts') }}
        ) as nth
    from days
    inner join {{ ref('stg_ledger__extracts') }} as extracts using (extract_id)
),

practices as (
    select
        totals.counted_on,
        totals.practice_code,
        totals.sub_icb_code,
        totals.registered_patients
    from {{ ref('stg_registered_patients__totals') }} as totals
    inner join ordered
        on
            totals.extract_id = ordered.extract_id
            and totals.counted_on = ordered.counted_on
    where ordered.nth = 1
)

select
    counted_on,
    'practice' as area_type,
    practice_code as area_code,
    registered_patients,
    1 as practices
from practices
union all
select
    counted_on,
    'sub_icb' as area_type,
    sub_icb_code as area_code,
    sum(registered_patients) as registered_patients,
    count(*) as practices
from practices
group by counted_on, sub_icb_code
union all
select
    counted_on,
    'england' as area_type,
    'E92000001' as area_code,
    sum(registered_patients) as registered_patients,
    count(*) as practices
from practices
group by counted_on

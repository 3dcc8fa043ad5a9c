-- One row per value that its file gives under the name of another area: those rows alone, of the area's
-- others nothing is said against. A name that stands in no row of its own speaks of all of them.
with mismatched as (
    select
        names.extract_id,
        names.area_code,
        names.area_name
    from {{ ref('evidence_names') }} as names
    where names.name_of_another = 1
),

printed as (
    select
        printed.extract_id,
        printed.area_code,
        printed.indicator_code,
        printed.period_label,
        printed.sex,
        printed.age
    from {{ ref('stg_fingertips__values') }} as printed
    semi join mismatched
        on
            printed.extract_id = mismatched.extract_id
            and printed.area_code = mismatched.area_code
            and lower(trim(printed.area_name)) = mismatched.area_name
)

select distinct candidates.row_id
from {{ ref('candidate_values') }} as candidates
inner join printed
    on
        candidates.extract_id = printed.extract_id
        and candidates.area_code = printed.area_code
        and candidates.source_code = printed.indicator_code
        and candidates.period_label = printed.period_label
        and candidates.sex = printed.sex
        and candidates.age = printed.age
union
select candidates.row_id
from {{ ref('candidate_values') }} as candidates
inner join mismatched
    on
        candidates.extract_id = mismatched.extract_id
        and candidates.area_code = mismatched.area_code
where candidates.extract_id not in (select extract_id from {{ ref('stg_fingertips__named_areas') }})

-- Which lists an admission's first episode is on: by its first diagnosis, by any of them, by a procedure.
with of_diagnoses as (
    select
        diagnoses.episode_key,
        lists.code_list,
        max(case when diagnoses.position = 1 then 1 else 0 end) as is_first
    from {{ ref('int_linked__diagnoses') }} as diagnoses
    inner join {{ ref('int_linked__coded_lists') }} as lists
        on diagnoses.code = lists.code and lists.coding = 'icd10'
    where diagnoses.episode_order = 1
    group by
        diagnoses.episode_key,
        lists.code_list
),

of_procedures as (
    select distinct
        procedures.episode_key,
        lists.code_list
    from {{ ref('int_linked__procedures') }} as procedures
    inner join {{ ref('int_linked__coded_lists') }} as lists
        on procedures.code = lists.code and lists.coding = 'opcs4'
)

select
    admissions.episode_key,
    admissions.person_id,
    admissions.admitted_on,
    admissions.episode_end,
    admissions.patient_class,
    admissions.is_emergency,
    admissions.is_finished,
    admissions.age,
    listed.code_list,
    listed.is_first = 1 as is_first_diagnosis
from {{ ref('int_linked__admissions') }} as admissions
inner join (
    select
        episode_key,
        code_list,
        is_first
    from of_diagnoses
    union all
    select
        episode_key,
        code_list,
        0 as is_first
    from of_procedures
) as listed on admissions.episode_key = listed.episode_key

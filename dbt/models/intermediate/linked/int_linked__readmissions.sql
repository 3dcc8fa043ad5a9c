-- Finished stays of ordinary patients, and whether the next such stay of the person began as an emergency 0
-- to 29 days after. Stays of maternity and mental health, those for cancer, and those that ended in death
-- lead to nothing; for maternity and cancer nothing led to either. A stay may follow one and lead to another.
with emergencies as (
    select code_from
    from {{ ref('int_code_list_codes') }}
    where code_list = 'emergency_admission'
),

-- Of the many stays few specialties are different: each is looked up once.
specialties as (
    select distinct
        stays.first_specialty,
        codes.code_list
    from (select distinct first_specialty from {{ ref('int_linked__stays') }}) as stays
    inner join {{ ref('int_code_list_codes') }} as codes
        on codes.coding = 'specialty' and stays.first_specialty between codes.code_from and codes.code_to
),

set_aside as (
    select distinct
        code,
        code_list
    from {{ ref('int_linked__coded_lists') }}
    where coding = 'icd10' and code_list in ('cancer_or_chemotherapy', 'obstetric')
),

stays as (
    select
        stays.person_id,
        stays.stay,
        stays.admitted_on,
        stays.discharged_on,
        stays.age_on_admission,
        stays.discharge_method,
        case when emergencies.code_from is not null then 1 else 0 end as is_emergency,
        max(case
            when set_aside.code_list is not null or specialties.code_list = 'obstetric_specialty' then 1
            else 0
        end) as is_set_aside,
        max(case when specialties.code_list = 'mental_health_specialty' then 1 else 0 end) as is_mental_health
    from {{ ref('int_linked__stays') }} as stays
    left join emergencies on stays.admission_method = emergencies.code_from
    left join set_aside on stays.first_diagnosis = set_aside.code
    left join specialties on stays.first_specialty = specialties.first_specialty
    where stays.patient_class = '1'
    group by
        stays.person_id,
        stays.stay,
        stays.admitted_on,
        stays.discharged_on,
        stays.age_on_admission,
        stays.discharge_method,
        emergencies.code_from
),

followed as (
    select
        *,
        lead(admitted_on) over (partition by person_id order by admitted_on, stay) as next_admitted_on,
        lead(is_emergency) over (partition by person_id order by admitted_on, stay) as is_next_emergency,
        lead(is_set_aside) over (partition by person_id order by admitted_on, stay) as is_next_set_aside
    from stays
)

select
    person_id,
    stay,
    discharged_on,
    age_on_admission,
    is_emergency,
    case
        when
            is_next_emergency = 1
            and is_next_set_aside = 0
            and cast(next_admitted_on - discharged_on as integer) between 0 and 29
            then 1
        else 0
    end as is_readmitted
from followed
where
    discharged_on is not null
    and coalesce(discharge_method, '') <> '4'
    and is_set_aside = 0
    and is_mental_health = 0

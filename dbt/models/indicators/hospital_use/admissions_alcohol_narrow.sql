-- Finished admissions of ordinary, day and maternity patients (by the class of patient, not the method of
-- admission) for what alcohol alone causes: as first diagnosis, or as an external cause in any position.
-- Conditions of which alcohol causes a part aren't counted: each here counts as one.
with listed as (
    select
        lists.episode_key,
        lists.person_id,
        lists.admitted_on,
        lists.age
    from {{ ref('int_linked__admission_lists') }} as lists
    where
        lists.code_list = 'alcohol_wholly'
        and lists.is_finished
        and lists.patient_class in ('1', '2', '5')
        and lists.is_first_diagnosis
    union
    select
        lists.episode_key,
        lists.person_id,
        lists.admitted_on,
        lists.age
    from {{ ref('int_linked__admission_lists') }} as lists
    where
        lists.code_list = 'alcohol_external_cause'
        and lists.is_finished
        and lists.patient_class in ('1', '2', '5')
),

events as (
    select
        person_id,
        admitted_on as happened_on,
        age
    from listed
),

{{ events_in_population('events') }}

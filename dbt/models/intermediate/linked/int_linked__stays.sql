-- One row per continuous inpatient spell: spells of a person that follow each other by transfer, between
-- providers too. The next one belongs to the same stay if it begins no later than two days after all
-- before it ended, and a transfer is told by where the patient went, came from, or how they were admitted.
with codes as (
    select
        code_list,
        code_from,
        code_to
    from {{ ref('int_code_list_codes') }}
    where code_list in ('transfer_admission', 'transfer_place')
),

told as (
    select
        spells.*,
        case when methods.code_from is not null then 1 else 0 end as is_admitted_by_transfer,
        case when sources.code_from is not null then 1 else 0 end as comes_from_hospital,
        case when destinations.code_from is not null then 1 else 0 end as goes_to_hospital
    from {{ ref('int_linked__spells') }} as spells
    left join codes as methods
        on
            methods.code_list = 'transfer_admission'
            and spells.admission_method between methods.code_from and methods.code_to
    left join codes as sources
        on
            sources.code_list = 'transfer_place'
            and spells.admission_source between sources.code_from and sources.code_to
    left join codes as destinations
        on
            destinations.code_list = 'transfer_place'
            and spells.discharge_destination between destinations.code_from and destinations.code_to
    where spells.admitted_on is not null
),

ordered as (
    select
        *,
        row_number() over (
            partition by person_id order by admitted_on asc, discharged_on asc nulls last, spell_key asc
        ) as nth
    from told
),

followed as (
    select
        ordered.*,
        lag(goes_to_hospital) over (partition by person_id order by nth) as went_to_hospital,
        -- A spell that isn't finished lasts until further notice.
        max(coalesce(discharged_on, date '9999-12-31')) over (
            partition by person_id order by nth rows between unbounded preceding and 1 preceding
        ) as ended_before
    from ordered
),

begun as (
    select
        *,
        case
            when ended_before is null then 1
            when
                admitted_on <= ended_before + interval 2 day
                and (is_admitted_by_transfer = 1 or comes_from_hospital = 1 or went_to_hospital = 1)
                then 0
            else 1
        end as begins_stay
    from followed
),

joined as (
    select
        *,
        sum(begins_stay) over (partition by person_id order by nth rows between unbounded preceding and current row)
            as stay
    from begun
),

placed as (
    select
        *,
        row_number() over (partition by person_id, stay order by nth asc) as from_first,
        row_number() over (partition by person_id, stay order by nth desc) as from_last
    from joined
)

select
    person_id,
    cast(stay as integer) as stay,
    min(admitted_on) as admitted_on,
    case when max(case when discharged_on is null then 1 else 0 end) = 0 then max(discharged_on) end as discharged_on,
    max(case when from_first = 1 then spell_key end) as first_spell_key,
    max(case when from_first = 1 then admission_method end) as admission_method,
    max(case when from_first = 1 then patient_class end) as patient_class,
    max(case when from_first = 1 then first_diagnosis end) as first_diagnosis,
    max(case when from_first = 1 then first_specialty end) as first_specialty,
    max(case when from_first = 1 then age_on_admission end) as age_on_admission,
    max(case when from_last = 1 then discharge_method end) as discharge_method,
    count(*) as spells
from placed
group by
    person_id,
    stay

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

-- Of the many spells few codes are different: each is looked up once.
{% for column, list in [
    ('admission_method', 'transfer_admission'),
    ('admission_source', 'transfer_place'),
    ('discharge_destination', 'transfer_place'),
] -%}
    transfer_by_{{ column }} as (
        select distinct spells.{{ column }}
        from (select distinct {{ column }} from {{ ref('int_linked__spells') }}) as spells
        inner join codes
            on
                codes.code_list = '{{ list }}'
                and spells.{{ column }} between codes.code_from and codes.code_to
    ),

{% endfor -%}
told as (
    select
        spells.person_id,
        spells.spell_key,
        spells.admitted_on,
        spells.discharged_on,
        methods.admission_method is not null or sources.admission_source is not null as comes_by_transfer,
        destinations.discharge_destination is not null as goes_to_hospital
    from {{ ref('int_linked__spells') }} as spells
    left join transfer_by_admission_method as methods on spells.admission_method = methods.admission_method
    left join transfer_by_admission_source as sources on spells.admission_source = sources.admission_source
    left join transfer_by_discharge_destination as destinations
        on spells.discharge_destination = destinations.discharge_destination
    where spells.admitted_on is not null
),

{% set in_order = 'partition by person_id order by admitted_on asc, discharged_on asc nulls last, spell_key asc' -%}
followed as (
    select
        *,
        lag(goes_to_hospital) over ({{ in_order }}) as went_to_hospital,
        -- A spell that isn't finished lasts until further notice.
        max(coalesce(discharged_on, date '9999-12-31')) over (
            {{ in_order }} rows between unbounded preceding and 1 preceding
        ) as ended_before
    from told
),

begun as (
    select
        *,
        case
            when ended_before is null then 1
            when admitted_on <= ended_before + interval 2 day and (comes_by_transfer or went_to_hospital) then 0
            else 1
        end as begins_stay
    from followed
),

placed as (
    select
        person_id,
        spell_key,
        begins_stay,
        sum(begins_stay) over ({{ in_order }} rows between unbounded preceding and current row) as stay,
        -- The last of a stay is followed by the first of another, or by none.
        coalesce(lead(begins_stay) over ({{ in_order }}), 1) as ends_stay
    from begun
)

-- Most stays are one spell: only the others are put together.
select
    placed.person_id,
    cast(placed.stay as integer) as stay,
    spells.admitted_on,
    spells.discharged_on,
    spells.spell_key as first_spell_key,
    spells.admission_method,
    spells.patient_class,
    spells.first_diagnosis,
    spells.first_specialty,
    spells.age_on_admission,
    spells.discharge_method,
    1 as spells
from placed
inner join {{ ref('int_linked__spells') }} as spells on placed.spell_key = spells.spell_key
where placed.begins_stay = 1 and placed.ends_stay = 1
union all
select
    placed.person_id,
    cast(placed.stay as integer) as stay,
    min(spells.admitted_on) as admitted_on,
    case
        when max(case when spells.discharged_on is null then 1 else 0 end) = 0 then max(spells.discharged_on)
    end as discharged_on,
    max(case when placed.begins_stay = 1 then spells.spell_key end) as first_spell_key,
    max(case when placed.begins_stay = 1 then spells.admission_method end) as admission_method,
    max(case when placed.begins_stay = 1 then spells.patient_class end) as patient_class,
    max(case when placed.begins_stay = 1 then spells.first_diagnosis end) as first_diagnosis,
    max(case when placed.begins_stay = 1 then spells.first_specialty end) as first_specialty,
    max(case when placed.begins_stay = 1 then spells.age_on_admission end) as age_on_admission,
    max(case when placed.ends_stay = 1 then spells.discharge_method end) as discharge_method,
    count(*) as spells
from placed
inner join {{ ref('int_linked__spells') }} as spells on placed.spell_key = spells.spell_key
where placed.begins_stay = 0 or placed.ends_stay = 0
group by
    placed.person_id,
    placed.stay

-- Days on which people lay in hospital, in stretches that don't overlap: from the day of admission to the
-- one before discharge, or to that day if they died on it or were admitted on it. Day patients and regular
-- attenders sleep at home. A spell that isn't finished lasts on.
with days as (
    select
        person_id,
        admitted_on as from_day,
        case
            when discharged_on is null then date '9999-12-30'
            when discharge_method = '4' then discharged_on
            else greatest(admitted_on, discharged_on - 1)
        end as to_day
    from {{ ref('int_linked__spells') }}
    where patient_class in ('1', '5') and admitted_on is not null
)

{{ joined_days('days') }}

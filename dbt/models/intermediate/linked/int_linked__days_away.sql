-- Days that people spent in hospital or in a care home, each day once.
with days as (
    select
        person_id,
        from_day,
        to_day
    from {{ ref('int_linked__hospital_days') }}
    union all
    select
        person_id,
        from_day,
        to_day
    from {{ ref('int_linked__care_home_days') }}
)

{{ joined_days('days') }}

-- Days on which councils paid for people's places in care homes, in stretches that don't overlap.
with extracts as (
    select extract_id from {{ ref('int_latest_extracts') }}
),

kinds as (
    select code_from as service_type
    from {{ ref('int_code_list_codes') }}
    where code_list = 'care_home_support'
),

days as (
    select
        events.person_id,
        events.start_date as from_day,
        greatest(coalesce(events.end_date, date '9999-12-30'), events.start_date) as to_day
    from {{ ref('stg_social_care__events') }} as events
    inner join extracts on events.extract_id = extracts.extract_id
    inner join kinds on events.service_type = kinds.service_type
    where events.person_id is not null and events.start_date is not null
)

{{ joined_days('days') }}

-- Registrations that count: none ends before it begins.
with extracts as (
    select extract_id from {{ ref('int_latest_extracts') }}
)

select
    registrations.person_id,
    registrations.practice_code,
    registrations.lsoa_code,
    registrations.deprivation_decile,
    registrations.start_date,
    registrations.end_date
from {{ ref('stg_gp__registrations') }} as registrations
inner join extracts on registrations.extract_id = extracts.extract_id
where
    registrations.start_date is not null
    and (registrations.end_date is null or registrations.end_date >= registrations.start_date)

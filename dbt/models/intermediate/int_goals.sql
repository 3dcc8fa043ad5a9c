{{ config(materialized='view') }}

-- What is to be reached, by when: no public source that was read states one.
select
    cast(null as varchar) as goal_id,
    cast(null as varchar) as framework,
    cast(null as varchar) as edition,
    cast(null as varchar) as code,
    cast(null as varchar) as indicator_id,
    cast(null as varchar) as area_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age,
    cast(null as date) as baseline_start,
    cast(null as date) as baseline_end,
    cast(null as double) as target_value,
    cast(null as date) as target_by,
    cast(null as varchar) as path,
    cast(null as varchar) as owner,
    cast(null as varchar) as source,
    cast(null as boolean) as is_stand_in,
    cast(null as varchar) as certainty,
    cast(null as varchar) as note
where false

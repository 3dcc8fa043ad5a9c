{{ config(materialized='view') }}

-- The values that speak for an indicator in a framework, each beside England's: as the mart compares all, of which
-- these are few.
with speaking as (
    select {{ key_as_words() }}
    from {{ ref('headlines') }}
    where framework <> 'none'
),

-- By their period alone most rows are left out while they are read; the whole key is dear.
speaking_periods as (select distinct period_end from speaking),

told as (
    select indicator_values.*
    from {{ ref('indicator_values') }} as indicator_values
    semi join speaking_periods using (period_end)
    semi join speaking on {{ same_key('indicator_values', 'speaking') }}
),

compared as (
    {{ compared('told', with_england_alone=true) }}
)

select * from compared

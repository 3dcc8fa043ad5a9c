{{ config(materialized='view') }}

-- The values that speak for an indicator in a framework, each beside England's: as the mart compares all, of which
-- these are few.
with told as (
    select indicator_values.*
    from {{ ref('indicator_values') }} as indicator_values
    semi join (
        select {{ key_as_words() }}
        from {{ ref('headlines') }}
        where framework <> 'none'
    ) as headlines
        on {{ same_key('indicator_values', 'headlines') }}
),

compared as (
    {{ compared('told', with_england_alone=true) }}
)

select * from compared

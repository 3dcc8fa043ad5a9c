-- The first of the four national questions of wellbeing, from 0 to 10.
with scored as (
    select
        area_code,
        segment,
        first_year,
        answer as value
    from {{ ref('int_survey__answers') }}
    where instrument = 'ons4' and item = 1
),

{{ means_of_answers('scored') }}

-- The score of carers: two points for the best of three levels of six items, one for the second.
with scored as (
    select
        area_code,
        segment,
        first_year,
        value
    from {{ ref('int_survey__scores') }}
    where score = 'carer_qol'
),

{{ means_of_answers('scored') }}

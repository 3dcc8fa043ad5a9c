-- ASCOT's score of each questionnaire in which all eight items were answered.
with scored as (
    select
        area_code,
        segment,
        first_year,
        value
    from {{ ref('int_survey__scores') }}
    where score = 'ascot'
),

{{ means_of_answers('scored') }}

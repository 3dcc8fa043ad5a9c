-- ASCOT's score less what would be expected from daily living, home, information, getting about and age.
with scored as (
    select
        area_code,
        segment,
        first_year,
        value
    from {{ ref('int_survey__scores') }}
    where score = 'ascof_1j'
),

{{ means_of_answers('scored') }}

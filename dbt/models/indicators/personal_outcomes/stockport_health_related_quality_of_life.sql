-- How EQ-5D changed from baseline to follow-up, by the value set that the user supplies; without one there is
-- no row.
with scored as (
    select
        area_code,
        segment,
        first_year,
        change as value
    from {{ ref('int_survey__changes') }}
    where score = 'eq5d'
),

{{ means_of_answers('scored') }}

-- The T score of each set of goals that was attained to some degree, from baseline to review.
with scored as (
    select
        area_code,
        segment,
        first_year,
        value
    from {{ ref('int_survey__scores') }}
    where score = 'gas_t'
),

{{ means_of_answers('scored') }}

-- How far the sum of the four emotional items fell from baseline to follow-up, of people who answered all of
-- them both times, themselves or the same kind of proxy.
with scored as (
    select
        area_code,
        segment,
        first_year,
        change as value
    from {{ ref('int_survey__changes') }}
    where score = 'ipos_emotional'
),

{{ means_of_answers('scored') }}

-- How far the sum of all 17 items fell from baseline to follow-up, of people who answered all of them both
-- times, themselves or the same kind of proxy.
with scored as (
    select
        area_code,
        segment,
        first_year,
        change as value
    from {{ ref('int_survey__changes') }}
    where score = 'ipos_overall'
),

{{ means_of_answers('scored') }}

-- Answers at the best level of one item of ASCOT, out of all answers to it, in either questionnaire that has
-- it.
with answered as (
    select
        area_code,
        segment,
        first_year,
        case when answer = 1 then 1 else 0 end as numerator
    from {{ ref('int_survey__answers') }}
    where instrument in ('ascot_sct4', 'ascs') and item = 5
),

{{ shares_of_answers('answered') }}

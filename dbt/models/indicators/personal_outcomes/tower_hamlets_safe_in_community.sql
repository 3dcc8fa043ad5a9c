-- Answers that agree (4) or agree strongly (5), out of those that say anything: 9 is not applicable.
with answered as (
    select
        area_code,
        segment,
        first_year,
        case when answer >= 4 then 1 else 0 end as numerator
    from {{ ref('int_survey__answers') }}
    where instrument = 'i_statements' and item = 3 and answer <= 5
),

{{ shares_of_answers('answered') }}

-- People who gained 3 points or more of patient activation within a year, out of those measured twice within
-- it.
with answered as (
    select
        area_code,
        segment,
        first_year,
        case when change >= 3 then 1 else 0 end as numerator
    from {{ ref('int_survey__changes') }}
    where score = 'pam' and answered_on <= answered_before + interval 1 year
),

{{ shares_of_answers('answered') }}

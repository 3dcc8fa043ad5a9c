-- People at level 3 or 4 of patient activation at their latest measurement of the year, whatever the occasion.
with ordered as (
    select
        area_code,
        segment,
        first_year,
        value,
        row_number() over (
            partition by person_key, first_year
            order by answered_on desc, questionnaire_id desc
        ) as nth
    from {{ ref('int_survey__scores') }}
    where score = 'pam_level'
),

answered as (
    select
        area_code,
        segment,
        first_year,
        case when value >= 3 then 1 else 0 end as numerator
    from ordered
    where nth = 1
),

{{ shares_of_answers('answered') }}

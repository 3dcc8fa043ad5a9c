-- How a person's score changed: one row per follow-up that has a baseline of the same kind of respondent, the
-- last before it. Above 0 is better, whichever way the scale runs. What has no pair is in no row.
with paired as (
    select
        after.score,
        after.area_code,
        after.segment,
        after.sex,
        after.age,
        after.first_year,
        after.answered_on,
        after.value as value_after,
        before.value as value_before,
        before.answered_on as answered_before,
        instruments.better,
        row_number() over (
            partition by after.score, after.questionnaire_id
            order by before.answered_on desc, before.questionnaire_id desc
        ) as nth
    from {{ ref('int_survey__scores') }} as after
    inner join {{ ref('int_survey__scores') }} as before
        on
            after.person_key = before.person_key
            and after.score = before.score
            and after.instrument = before.instrument
            and after.answered_by = before.answered_by
            and after.answered_on > before.answered_on
    inner join {{ ref('instruments') }} as instruments on after.instrument = instruments.instrument
    where after.occasion = 'follow_up' and before.occasion = 'baseline'
)

select
    score,
    area_code,
    segment,
    sex,
    age,
    first_year,
    answered_before,
    answered_on,
    case better when 'lower' then value_before - value_after else value_after - value_before end as change
from paired
where nth = 1

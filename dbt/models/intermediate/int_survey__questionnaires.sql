-- Every questionnaire that was sent, once: one row per person, questionnaire, occasion and day. Of one that
-- is returned in several files the last that was taken in counts. The period is that in which it was
-- answered, or sent where it never came back.
with ordered as (
    select
        *,
        row_number() over (
            partition by person_key, instrument, occasion, sent_on
            order by extract_id desc, sheet_row desc
        ) as nth
    from {{ ref('stg_surveys__answers') }}
    where item = 0
),

dated as (
    select
        extract_id,
        sheet_row,
        person_key,
        area_code,
        segment,
        sex,
        age,
        instrument,
        occasion,
        sent_on,
        answered_on,
        answered_by,
        coalesce(answered_on, sent_on) as counted_on
    from ordered
    where nth = 1
)

select
    concat(cast(extract_id as varchar), '-', cast(sheet_row as varchar)) as questionnaire_id,
    extract_id,
    sheet_row,
    person_key,
    area_code,
    segment,
    sex,
    age,
    instrument,
    occasion,
    sent_on,
    answered_on,
    answered_by,
    case
        when month(counted_on) >= 4 then year(counted_on)
        else year(counted_on) - 1
    end as first_year
from dated

-- Every item that was answered, with whose questionnaire it is of.
select
    questionnaires.questionnaire_id,
    questionnaires.person_key,
    questionnaires.area_code,
    questionnaires.segment,
    questionnaires.sex,
    questionnaires.age,
    questionnaires.instrument,
    questionnaires.occasion,
    questionnaires.answered_on,
    questionnaires.answered_by,
    questionnaires.first_year,
    answers.item,
    answers.answer,
    coalesce(answers.weight, 1) as weight
from {{ ref('int_survey__questionnaires') }} as questionnaires
inner join {{ ref('stg_surveys__answers') }} as answers
    on
        questionnaires.extract_id = answers.extract_id
        and questionnaires.sheet_row = answers.sheet_row
where answers.item > 0 and answers.answer is not null

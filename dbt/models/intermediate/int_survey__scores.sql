-- The scores of a questionnaire, each by its instrument's own rule: one row per questionnaire and score. Nothing
-- is put in place of an item that was left out: a score that needs it isn't given, and the questionnaire
-- doesn't count among those that have one.
with scales as (
    select
        items.instrument,
        items.scale,
        count(*) as items
    from {{ ref('instrument_items') }} as items
    group by
        items.instrument,
        items.scale
),

-- ASCOT: the published weight of each of eight answers, 0.203 of their sum less 0.466.
ascot as (
    select
        answers.questionnaire_id,
        0.203 * sum(cast(weights.weight as double)) - 0.466 as value,
        sum(answers.answer) as total
    from {{ ref('int_survey__answers') }} as answers
    inner join {{ ref('instrument_weights') }} as weights
        on
            weights.weights = 'ascot'
            and answers.item = cast(weights.item as integer)
            and answers.answer = cast(weights.answer as double)
    where answers.instrument in ('ascot_sct4', 'ascs')
    group by answers.questionnaire_id
    having count(*) = 8
),

-- ASCOF 1J takes off what would be expected from daily living, home, information, getting about and age.
expected as (
    select
        answers.questionnaire_id,
        0.5798
        - 0.0202 * sum(case when answers.item between 9 and 15 then answers.answer - 1 else 0 end)
        + sum(coalesce(cast(weights.weight as double), 0))
        + case when max(answers.age) >= 65 then 0.0473 else 0 end as value
    from {{ ref('int_survey__answers') }} as answers
    left join {{ ref('instrument_weights') }} as weights
        on
            weights.weights = 'ascof_1j'
            and answers.item = cast(weights.item as integer)
            and answers.answer = cast(weights.answer as double)
    where answers.instrument = 'ascs' and answers.item between 9 and 18
    group by answers.questionnaire_id
    having count(*) = 10 and max(answers.age) is not null
),

-- The palliative outcome scale and the quality of life of carers: sums, where every item of the scale is there.
sums as (
    select
        answers.questionnaire_id,
        answers.instrument,
        items.scale,
        sum(answers.answer) as total,
        count(*) as answered
    from {{ ref('int_survey__answers') }} as answers
    inner join {{ ref('instrument_items') }} as items
        on answers.instrument = items.instrument and answers.item = cast(items.item as integer)
    where answers.instrument in ('ipos', 'carer_qol')
    group by
        answers.questionnaire_id,
        answers.instrument,
        items.scale
),

whole_sums as (
    select
        sums.questionnaire_id,
        sums.instrument,
        sums.scale,
        sums.total,
        sums.answered
    from sums
    inner join scales on sums.instrument = scales.instrument and sums.scale = scales.scale
    where sums.answered = scales.items
),

-- Goal attainment: the weighted sum of the goals on a scale of mean 50, by a correlation of 0.3 between them.
-- Undefined where all weights are 0.
goals as (
    select
        questionnaire_id,
        sum(weight * answer) as attained,
        sum(weight * weight) as squares,
        sum(weight) as weights
    from {{ ref('int_survey__answers') }}
    where instrument = 'gas'
    group by questionnaire_id
    having sum(weight) > 0
),

-- EQ-5D by the user's value set: full health, what each level takes off, and what any level but the best and any
-- worst level take off beside that. Of several sets for one questionnaire the first by name.
value_sets as (
    select
        instrument,
        min(value_set) as value_set
    from {{ ref('stg_surveys__value_sets') }}
    group by instrument
),

-- Of a set that came in several files the last counts.
terms as (
    select
        terms.instrument,
        terms.dimension,
        terms.answer,
        terms.value
    from {{ ref('stg_surveys__value_sets') }} as terms
    inner join value_sets on terms.instrument = value_sets.instrument and terms.value_set = value_sets.value_set
    inner join (
        select
            value_set,
            max(extract_id) as extract_id
        from {{ ref('stg_surveys__value_sets') }}
        group by value_set
    ) as latest on terms.value_set = latest.value_set and terms.extract_id = latest.extract_id
),

health_profiles as (
    select
        answers.questionnaire_id,
        answers.instrument,
        sum(terms.value) as dimensions,
        max(answers.answer) as worst
    from {{ ref('int_survey__answers') }} as answers
    inner join terms
        on
            answers.instrument = terms.instrument
            and cast(answers.item as varchar) = terms.dimension
            and answers.answer = terms.answer
    where answers.instrument in ('eq5d_3l', 'eq5d_5l')
    group by
        answers.questionnaire_id,
        answers.instrument
    having count(*) = 5
),

whole_terms as (
    select
        instrument,
        sum(case when dimension = 'full_health' then value else 0 end) as full_health,
        sum(case when dimension = 'any_not_best' then value else 0 end) as any_not_best,
        sum(case when dimension = 'any_worst' then value else 0 end) as any_worst
    from terms
    group by instrument
),

scored as (
    select
        questionnaire_id,
        'ascot' as score,
        value
    from ascot
    union all
    select
        questionnaire_id,
        'ascof_1a' as score,
        32 - total as value
    from ascot
    union all
    select
        ascot.questionnaire_id,
        'ascof_1j' as score,
        ascot.value - expected.value as value
    from ascot
    inner join expected on ascot.questionnaire_id = expected.questionnaire_id
    union all
    select
        questionnaire_id,
        concat('ipos_', scale) as score,
        total as value
    from whole_sums
    where instrument = 'ipos'
    union all
    select
        questionnaire_id,
        'ipos_overall' as score,
        sum(total) as value
    from whole_sums
    where instrument = 'ipos'
    group by questionnaire_id
    having sum(answered) = 17
    union all
    -- Three points for the best of three levels.
    select
        questionnaire_id,
        'carer_qol' as score,
        18 - total as value
    from whole_sums
    where instrument = 'carer_qol'
    union all
    select
        questionnaire_id,
        'pam' as score,
        answer as value
    from {{ ref('int_survey__answers') }}
    where instrument = 'pam'
    union all
    select
        questionnaire_id,
        'pam_level' as score,
        case
            when answer <= 47.0 then 1
            when answer <= 55.1 then 2
            when answer <= 72.4 then 3
            else 4
        end as value
    from {{ ref('int_survey__answers') }}
    where instrument = 'pam'
    union all
    select
        questionnaire_id,
        'gas_t' as score,
        50 + 10 * attained / sqrt(0.7 * squares + 0.3 * weights * weights) as value
    from goals
    union all
    select
        profiles.questionnaire_id,
        'eq5d' as score,
        whole_terms.full_health + profiles.dimensions
        + case when profiles.worst > 1 then whole_terms.any_not_best else 0 end
        + case
            when profiles.worst = case profiles.instrument when 'eq5d_3l' then 3 else 5 end
                then whole_terms.any_worst
            else 0
        end as value
    from health_profiles as profiles
    inner join whole_terms on profiles.instrument = whole_terms.instrument
)

select
    scored.questionnaire_id,
    scored.score,
    cast(scored.value as double) as value,
    questionnaires.person_key,
    questionnaires.area_code,
    questionnaires.segment,
    questionnaires.sex,
    questionnaires.age,
    questionnaires.instrument,
    questionnaires.occasion,
    questionnaires.answered_on,
    questionnaires.answered_by,
    questionnaires.first_year
from scored
inner join {{ ref('int_survey__questionnaires') }} as questionnaires
    on scored.questionnaire_id = questionnaires.questionnaire_id

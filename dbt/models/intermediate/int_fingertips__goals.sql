-- What Fingertips says of a value against a goal of its own, for the newest period of each series. The
-- goal itself isn't in its files. Nearly no row says anything: those few look for their values.
with marked as (
    select distinct
        extract_id,
        indicator_code,
        area_code,
        sex,
        age,
        period_label,
        compared_to_goal
    from {{ ref('stg_fingertips__values') }}
    where compared_to_goal is not null and compared_to_goal <> 'Not compared' and category_type is null
)

select
    {{ key_list('candidates.') }},
    candidates.period_label,
    marked.compared_to_goal as verdict
from {{ ref('candidate_values') }} as candidates
inner join marked
    on
        candidates.extract_id = marked.extract_id
        and candidates.source_code = marked.indicator_code
        and candidates.area_code = marked.area_code
        and candidates.sex = marked.sex
        and candidates.age = marked.age
        and candidates.period_label = marked.period_label
where candidates.source_id = 'fingertips' and candidates.breakdown_type = 'all'
-- A row that is repeated with another verdict would be two goals: the same one always stands.
qualify
    row_number() over (
        partition by
            candidates.indicator_id, candidates.area_code, candidates.period_type, candidates.sex,
            candidates.age, candidates.segment
        order by candidates.period_end desc, marked.compared_to_goal asc
    ) = 1

-- Points of the Hospital Frailty Risk Score on each of the days: the codes of all episodes that began in the
-- two years before it, each once.
with held as (
    select distinct
        days.as_at,
        diagnoses.person_id,
        substring(diagnoses.code, 1, 3) as code
    from {{ ref('int_linked__diagnoses') }} as diagnoses
    inner join {{ ref('int_linked__days') }} as days
        on
            diagnoses.episode_start < days.as_at
            and diagnoses.episode_start >= days.as_at - interval 2 year
)

select
    held.as_at,
    held.person_id,
    sum(cast(weights.points as decimal(6, 1))) as points
from held
inner join {{ ref('frailty_weights') }} as weights on held.code = weights.icd10_start
group by
    held.as_at,
    held.person_id

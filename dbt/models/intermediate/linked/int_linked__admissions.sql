-- One row per admission: the first episode of a spell, finished or not, un-spellable ones too. What it was
-- for is read from that episode.
with emergencies as (
    select code_from
    from {{ ref('int_code_list_codes') }}
    where code_list = 'emergency_admission'
)

select
    episodes.episode_key,
    episodes.person_id,
    episodes.admitted_on,
    episodes.episode_end,
    episodes.patient_class,
    episodes.is_finished,
    emergencies.code_from is not null as is_emergency,
    coalesce(
        episodes.age_at_start, {{ completed_years('people.birth_date', 'episodes.admitted_on') }}
    ) as age,
    episodes.diagnosis_01
from {{ ref('int_linked__episodes') }} as episodes
left join emergencies on episodes.admission_method = emergencies.code_from
left join {{ ref('int_linked__people') }} as people on episodes.person_id = people.person_id
where episodes.episode_order = 1

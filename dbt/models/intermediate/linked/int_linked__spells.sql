-- One row per spell: one provider, from admission to discharge, whatever the year's end. Episodes of no
-- known spell (-1) stay episodes. Most spells are one episode: only the others are set in order.
with several as (
    select spell_key
    from {{ ref('int_linked__episodes') }}
    where spell_key is not null
    group by spell_key
    having count(*) > 1
),

placed as (
    select
        episodes.*,
        row_number() over (
            partition by episodes.spell_key
            order by
                episodes.episode_order asc nulls last, episodes.episode_start asc nulls last, episodes.episode_key asc
        ) as from_first,
        row_number() over (
            partition by episodes.spell_key
            order by
                episodes.episode_order desc nulls last, episodes.episode_start desc nulls last,
                episodes.episode_key desc
        ) as from_last
    from {{ ref('int_linked__episodes') }} as episodes
    inner join several on episodes.spell_key = several.spell_key
)

select
    episodes.spell_key,
    episodes.person_id,
    episodes.provider_code,
    coalesce(episodes.admitted_on, episodes.episode_start) as admitted_on,
    case when episodes.is_finished then coalesce(episodes.discharged_on, episodes.episode_end) end as discharged_on,
    episodes.episode_key as first_episode_key,
    episodes.admission_method,
    episodes.admission_source,
    episodes.patient_class,
    episodes.diagnosis_01 as first_diagnosis,
    episodes.specialty_code as first_specialty,
    episodes.age_at_start as age_on_admission,
    episodes.discharge_destination,
    episodes.discharge_method,
    episodes.lsoa_code,
    1 as episodes
from {{ ref('int_linked__episodes') }} as episodes
left join several on episodes.spell_key = several.spell_key
where episodes.spell_key is not null and several.spell_key is null
union all
select
    spell_key,
    min(person_id) as person_id,
    min(provider_code) as provider_code,
    -- A placeholder date of one episode is told by the others of the spell.
    coalesce(min(admitted_on), min(episode_start)) as admitted_on,
    case
        when max(case when from_last = 1 and is_finished then 1 else 0 end) = 1
            then coalesce(max(discharged_on), max(episode_end))
    end as discharged_on,
    max(case when from_first = 1 then episode_key end) as first_episode_key,
    max(case when from_first = 1 then admission_method end) as admission_method,
    max(case when from_first = 1 then admission_source end) as admission_source,
    max(case when from_first = 1 then patient_class end) as patient_class,
    max(case when from_first = 1 then diagnosis_01 end) as first_diagnosis,
    max(case when from_first = 1 then specialty_code end) as first_specialty,
    max(case when from_first = 1 then age_at_start end) as age_on_admission,
    max(case when from_last = 1 then discharge_destination end) as discharge_destination,
    max(case when from_last = 1 then discharge_method end) as discharge_method,
    -- Where somebody lives is told best by the last episode.
    max(case when from_last = 1 then lsoa_code end) as lsoa_code,
    count(*) as episodes
from placed
group by spell_key

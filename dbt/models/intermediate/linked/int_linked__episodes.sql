-- Episodes of admitted care, each once. A financial year's rows are those of the latest extract that has
-- them. An episode that goes over 31 March is told twice, unfinished first: the finished row stands, or the
-- unfinished one where there is none yet.
with extract_years as (
    select distinct
        extract_id,
        financial_year
    from {{ ref('stg_hospital__episodes') }}
),

ranked as (
    select
        extract_years.extract_id,
        extract_years.financial_year,
        row_number() over (
            partition by extract_years.financial_year
            order by extracts.vintage_date desc nulls last, extracts.run_number desc, extracts.sha256 desc
        ) as nth
    from extract_years
    inner join {{ ref('stg_ledger__extracts') }} as extracts on extract_years.extract_id = extracts.extract_id
),

-- Of the many codes only the first diagnosis goes along; the rest are read where they are asked for.
numbered as (
    select
        {% for column in [
            'extract_id', 'financial_year', 'episode_id', 'person_id', 'provider_code', 'spell_id', 'episode_order',
            'episode_status', 'admitted_on', 'admission_method', 'admission_source', 'patient_class', 'episode_start',
            'episode_end', 'discharged_on', 'discharge_destination', 'discharge_method', 'specialty_code',
            'age_at_start', 'lsoa_code', 'diagnosis_01',
        ] -%}
            episodes.{{ column }},
        {% endfor -%}
        row_number() over (
            partition by
                episodes.person_id, episodes.provider_code, episodes.episode_start, episodes.episode_order,
                coalesce(episodes.spell_id, ''), coalesce(episodes.admitted_on, episodes.episode_start)
            order by episodes.episode_status desc nulls last, episodes.financial_year desc, episodes.episode_id desc
        ) as nth
    from {{ ref('stg_hospital__episodes') }} as episodes
    inner join ranked
        on episodes.extract_id = ranked.extract_id and episodes.financial_year = ranked.financial_year
    where
        ranked.nth = 1
        and episodes.person_id is not null
        -- 1: general; 2 and 3: births; 4 and 5: detained or long-stay patients; 6: other birth event.
        and coalesce(episodes.episode_type, '1') <> '6'
)

select
    concat(financial_year, '/', episode_id) as episode_key,
    person_id,
    provider_code,
    spell_id,
    -- What the hospital's numbers don't tell is told by who, where and when; -1 is told by nothing.
    case
        when spell_id = '-1' then cast(null as varchar)
        when spell_id is not null then concat(provider_code, '/', spell_id)
        else concat(person_id, '/', provider_code, '/', cast(coalesce(admitted_on, episode_start) as varchar))
    end as spell_key,
    episode_order,
    episode_status = '3' as is_finished,
    admitted_on,
    admission_method,
    admission_source,
    patient_class,
    episode_start,
    episode_end,
    discharged_on,
    discharge_destination,
    discharge_method,
    specialty_code,
    age_at_start,
    lsoa_code,
    diagnosis_01,
    extract_id,
    financial_year,
    episode_id
from numbered
where nth = 1

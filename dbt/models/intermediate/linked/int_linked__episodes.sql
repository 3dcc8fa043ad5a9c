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

current_years as (
    select
        extract_id,
        financial_year
    from ranked
    where nth = 1
),

{% set counts %}
    episodes.person_id is not null
    -- 1: general; 2 and 3: births; 4 and 5: detained or long-stay patients; 6: other birth event.
    and coalesce(episodes.episode_type, '1') <> '6'
{% endset -%}
{% set same_episode = [
    'episodes.person_id', 'episodes.provider_code', 'episodes.episode_start', 'episodes.episode_order',
    "coalesce(episodes.spell_id, '')", 'coalesce(episodes.admitted_on, episodes.episode_start)',
] -%}
-- Few are told twice. Only those that may be are set in order, and the many that aren't are left where they are.
maybe_told_twice as (
    select
        episodes.person_id,
        coalesce(episodes.episode_start, date '1800-01-01') as started_on
    from {{ ref('stg_hospital__episodes') }} as episodes
    inner join current_years
        on episodes.extract_id = current_years.extract_id and episodes.financial_year = current_years.financial_year
    where {{ counts }}
    group by
        episodes.person_id,
        coalesce(episodes.episode_start, date '1800-01-01')
    having count(*) > 1
),

numbered as (
    select
        episodes.extract_id,
        episodes.financial_year,
        episodes.episode_id,
        row_number() over (
            partition by {{ same_episode | join(', ') }}
            order by episodes.episode_status desc nulls last, episodes.financial_year desc, episodes.episode_id desc
        ) as nth
    from {{ ref('stg_hospital__episodes') }} as episodes
    inner join current_years
        on episodes.extract_id = current_years.extract_id and episodes.financial_year = current_years.financial_year
    inner join maybe_told_twice
        on
            episodes.person_id = maybe_told_twice.person_id
            and coalesce(episodes.episode_start, date '1800-01-01') = maybe_told_twice.started_on
    where {{ counts }}
),

told_again as (
    select
        extract_id,
        financial_year,
        episode_id
    from numbered
    where nth > 1
)

select
    concat(episodes.financial_year, '/', episodes.episode_id) as episode_key,
    episodes.person_id,
    episodes.provider_code,
    episodes.spell_id,
    -- What the hospital's numbers don't tell is told by who, where and when; -1 is told by nothing.
    case
        when episodes.spell_id = '-1' then cast(null as varchar)
        when episodes.spell_id is not null then concat(episodes.provider_code, '/', episodes.spell_id)
        else concat(
            episodes.person_id, '/', episodes.provider_code, '/',
            cast(coalesce(episodes.admitted_on, episodes.episode_start) as varchar)
        )
    end as spell_key,
    episodes.episode_order,
    episodes.episode_status = '3' as is_finished,
    {% for column in [
        'admitted_on', 'admission_method', 'admission_source', 'patient_class', 'episode_start', 'episode_end',
        'discharged_on', 'discharge_destination', 'discharge_method', 'specialty_code', 'age_at_start', 'lsoa_code',
    ] -%}
        episodes.{{ column }},
    {% endfor -%}
    {% for nth in range(1, 21) -%}
        episodes.diagnosis_{{ '%02d' % nth }},
    {% endfor -%}
    {% for nth in range(1, 25) -%}
        episodes.procedure_{{ '%02d' % nth }},
    {% endfor -%}
    episodes.extract_id,
    episodes.financial_year,
    episodes.episode_id
from {{ ref('stg_hospital__episodes') }} as episodes
inner join current_years
    on episodes.extract_id = current_years.extract_id and episodes.financial_year = current_years.financial_year
left join told_again
    on
        episodes.episode_id = told_again.episode_id
        and episodes.financial_year = told_again.financial_year
        and episodes.extract_id = told_again.extract_id
where
    told_again.episode_id is null
    and {{ counts }}

-- One row per procedure of an episode.
with codes as (
    {% for nth in range(1, 25) -%}
        select
            extract_id,
            financial_year,
            episode_id,
            {{ nth }} as position,
            procedure_{{ '%02d' % nth }} as code
        from {{ ref('stg_hospital__episodes') }}
        where procedure_{{ '%02d' % nth }} is not null
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}
)

select
    episodes.episode_key,
    episodes.person_id,
    episodes.episode_order,
    episodes.episode_start,
    codes.position,
    codes.code
from {{ ref('int_linked__episodes') }} as episodes
inner join codes
    on
        episodes.extract_id = codes.extract_id
        and episodes.financial_year = codes.financial_year
        and episodes.episode_id = codes.episode_id

-- One row per procedure of an episode.
{% for nth in range(1, 25) -%}
select
    episode_key,
    person_id,
    episode_start,
    procedure_{{ '%02d' % nth }} as code
from {{ ref('int_linked__episodes') }}
where procedure_{{ '%02d' % nth }} is not null
{% if not loop.last -%}
union all
{% endif -%}
{% endfor %}

-- One row per diagnosis of an episode, with the place that it has there.
{% for nth in range(1, 21) -%}
select
    episode_key,
    person_id,
    episode_order,
    episode_start,
    {{ nth }} as position,
    diagnosis_{{ '%02d' % nth }} as code
from {{ ref('int_linked__episodes') }}
where diagnosis_{{ '%02d' % nth }} is not null
{% if not loop.last -%}
union all
{% endif -%}
{% endfor %}

-- Each link of the crosswalk with the indicators that its codes lead to. Several editions link the
-- same two indicators: a period belongs to the link that was the newest when it ended, so that none
-- is told twice; what was before all of them belongs to the first.
{% set same_two = 'theme, left_framework, left_indicator_id, right_framework, right_indicator_id' %}
with linked as (
    select
        links.theme,
        links.relation,
        links.left_framework,
        links.left_edition,
        links.left_code,
        left_side.indicator_id as left_indicator_id,
        links.right_framework,
        links.right_edition,
        links.right_code,
        right_side.indicator_id as right_indicator_id,
        left_side.owner_partner as left_owner_partner,
        right_side.owner_partner as right_owner_partner,
        greatest(left_frameworks.valid_from, right_frameworks.valid_from) as begins
    from {{ ref('int_crosswalk') }} as links
    {% for side in ['left', 'right'] %}
        inner join {{ ref('int_framework_indicators') }} as {{ side }}_side
            on
                links.{{ side }}_framework = {{ side }}_side.framework
                and links.{{ side }}_edition = {{ side }}_side.edition
                and links.{{ side }}_code = {{ side }}_side.code
        inner join {{ ref('int_frameworks') }} as {{ side }}_frameworks
            on
                links.{{ side }}_framework = {{ side }}_frameworks.framework
                and links.{{ side }}_edition = {{ side }}_frameworks.edition
    {% endfor %}
),

-- Where a code leads to several indicators of which one is shared, the others aren't linked by that.
shared_once as (
    select *
    from linked
    qualify
        relation <> 'shared'
        or left_indicator_id = right_indicator_id
        or not bool_or(left_indicator_id = right_indicator_id) over (
            partition by
                theme, left_framework, left_edition, left_code, right_framework, right_edition, right_code
        )
)

select
    * exclude (begins),
    left_indicator_id = right_indicator_id as is_one_measure,
    case
        when dense_rank() over (partition by {{ same_two }} order by begins) = 1 then date '1900-01-01'
        else begins
    end as speaks_from,
    -- Links that begin together both speak: they differ in their codes.
    coalesce(
        min(begins) over (
            partition by {{ same_two }}
            order by begins
            range between interval 1 day following and unbounded following
        ),
        date '9999-12-31'
    ) as speaks_before
from shared_once

{{ config(contract={'enforced': false}) }}

-- Which value stands beside which, and of what kind the pair is. Two measures of one theme: the period
-- of the right that is nearest to the left's. One measure: its two publications of one period. A mirror:
-- what is worked out here beside what its publisher gives.
{% set link = [
    'theme', 'relation', 'left_framework', 'left_edition', 'left_code', 'left_indicator_id',
    'right_framework', 'right_edition', 'right_code', 'right_indicator_id', 'left_owner_partner', 'right_owner_partner',
] %}
{% set figures = ['value', 'lower_95', 'upper_95', 'numerator', 'denominator'] %}
with links as (
    select * from {{ ref('int_links') }}
),

headline as (
    select * from {{ ref('alignment_sides') }}
    where is_headline and speaks
),

nearest as (
    select
        {{ listed(link, 'links.') }}
        left_side,
        right_side
    from links
    inner join headline as left_side
        on
            links.left_indicator_id = left_side.indicator_id
            and left_side.period_end >= links.speaks_from
            and left_side.period_end < links.speaks_before
    inner join headline as right_side
        on
            links.right_indicator_id = right_side.indicator_id
            and left_side.area_code = right_side.area_code
            and (
                left_side.sex = right_side.sex
                or left_side.sex not in ('Male', 'Female')
                or right_side.sex not in ('Male', 'Female')
            )
    where not links.is_one_measure
    qualify
        row_number() over (
            partition by {{ listed(link, 'links.') }} left_side.area_code, left_side.sex, left_side.period_type,
            left_side.period_start, left_side.period_end, right_side.sex
            order by
                abs({{ days_between_middles('left_side', 'right_side') }}),
                left_side.period_type = right_side.period_type desc,
                right_side.period_end desc,
                right_side.period_type
        ) = 1
),

-- Where one side has nothing for an area, the other's newest period says so.
alone as (
    {% for side, other in [('left', 'right'), ('right', 'left')] %}
        select
            {{ listed(link, 'links.') }}
            {{ 'one' if side == 'left' else 'null' }} as left_side,
            {{ 'one' if side == 'right' else 'null' }} as right_side
        from links
        inner join headline as one
            on
                links.{{ side }}_indicator_id = one.indicator_id
                and one.period_end >= links.speaks_from
                and one.period_end < links.speaks_before
        where
            not links.is_one_measure
            and not exists (
                select 1 from headline as another
                where another.indicator_id = links.{{ other }}_indicator_id and another.area_code = one.area_code
            )
        qualify
            row_number() over (
                partition by {{ listed(link, 'links.') }} one.area_code, one.sex
                order by one.period_end desc, one.period_start, one.period_type
            ) = 1
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- Whose file a publication is from, and which of several others is set beside the one that stands.
published_once_or_twice as (
    select
        {{ listed(link, 'links.') }}
        standing,
        reconciled,
        left_speaks.source_id is null and right_speaks.source_id is not null as stands_right
    from links
    inner join headline as standing
        on
            links.left_indicator_id = standing.indicator_id
            and standing.period_end >= links.speaks_from
            and standing.period_end < links.speaks_before
    left join {{ ref('int_reconciled') }} as reconciled on {{ same_key('standing', 'reconciled') }}
    left join {{ ref('framework_sources') }} as left_speaks
        on links.left_framework = left_speaks.framework and standing.source_id = left_speaks.source_id
    left join {{ ref('framework_sources') }} as right_speaks
        on links.right_framework = right_speaks.framework and standing.source_id = right_speaks.source_id
    left join {{ ref('framework_sources') }} as others
        on
            reconciled.right_source_id = others.source_id
            and others.framework
            = case
                when left_speaks.source_id is null and right_speaks.source_id is not null then links.left_framework
                else links.right_framework
            end
    where links.is_one_measure and links.relation <> 'local_mirror'
    qualify
        row_number() over (
            partition by {{ listed(link, 'links.') }} {{ key_list('standing.') }}
            order by others.source_id is not null desc, reconciled.right_source_id, reconciled.right_source_code
        ) = 1
),

publications as (
    select
        *,
        case
            when reconciled.right_source_id is not null
                then
                struct_update(
                    standing,
                    {% for figure in figures %}
                        {{ figure }} := reconciled.right_{{ figure }},
                    {% endfor %}
                    status := case when reconciled.is_hidden then 'suppressed' else standing.status end,
                    source_id := reconciled.right_source_id,
                    judgement := cast(null as varchar)
                )
        end as other
    from published_once_or_twice
),

twice as (
    select
        {{ listed(link) }}
        case when stands_right then other else standing end as left_side,
        case when stands_right then standing else other end as right_side,
        reconciled.rounding,
        reconciled.differs_since
    from publications
),

-- A local measure that has a national definition, and what is computed of any other indicator that its
-- publisher gives too.
mirrors as (
    select
        {% for column in link %}
            coalesce(
                links.{{ column }},
                {% if column == 'theme' %}indicators.title
                {% elif column == 'relation' %}'local_mirror'
                {% elif column.endswith('_partner') %}null
                {% elif column.endswith('_indicator_id') or column.endswith('_code') %}computed.indicator_id
                {% else %}'none'{% endif %}
            ) as {{ column }},
        {% endfor %}
        computed as left_side,
        published as right_side,
        {{ half_a_unit(decimals_given('published.value', ['published.indicator_id', 'published.source_id'])) }}
            as rounding
    from {{ ref('alignment_sides') }} as computed
    inner join {{ ref('alignment_sides') }} as published
        on
            {% for column in key_columns() if column != 'origin' %}
                computed.{{ column }} = published.{{ column }} and
            {% endfor %}
            computed.origin = 'computed' and published.origin = 'published'
    inner join {{ ref('int_indicators') }} as indicators on computed.indicator_id = indicators.indicator_id
    left join links
        on
            links.relation = 'local_mirror'
            and links.is_one_measure
            and links.left_indicator_id = computed.indicator_id
            and computed.period_end >= links.speaks_from
            and computed.period_end < links.speaks_before
)

select
    *,
    'two_measures' as kind
from nearest
union all by name
select
    *,
    'two_measures' as kind
from alone
union all by name
select
    *,
    'one_measure' as kind
from twice
union all by name
select
    *,
    'mirror' as kind
from mirrors

{{ config(contract={'enforced': false}) }}

-- Which value stands beside which, and of what kind the pair is. Two measures of one theme: the period
-- of the right that is nearest to the left's. One measure: two publications of one value, of which
-- `second_side` is the one that no check has judged. A mirror: what is worked out here beside what its
-- publisher gives, both of them values of the release.
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

of_areas as (
    select * from headline
    where area_type not in ('practice', 'pcn', 'provider', 'unknown')
),

nearest as (
    select
        {{ listed(link, 'links.') }}
        left_side,
        right_side
    from links
    inner join of_areas as left_side
        on
            links.left_indicator_id = left_side.indicator_id
            and left_side.period_end >= links.speaks_from
            and left_side.period_end < links.speaks_before
    inner join of_areas as right_side
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
            partition by
                {{ listed(link, 'links.') }}
                left_side.area_code,
                left_side.sex,
                left_side.period_type,
                left_side.period_start,
                left_side.period_end,
                right_side.sex
            order by
                abs({{ days_between_middles('left_side', 'right_side') }}) asc,
                left_side.period_type = right_side.period_type desc,
                right_side.period_end desc,
                right_side.period_type asc
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
        inner join of_areas as one
            on
                links.{{ side }}_indicator_id = one.indicator_id
                and one.period_end >= links.speaks_from
                and one.period_end < links.speaks_before
        where
            not links.is_one_measure
            and not exists (
                select 1 from of_areas as another
                where another.indicator_id = links.{{ other }}_indicator_id and another.area_code = one.area_code
            )
        qualify
            row_number() over (
                partition by
                    {{ listed(link, 'links.') }}
                    one.area_code,
                    one.sex
                order by one.period_end desc, one.period_start asc, one.period_type asc
            ) = 1
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- What a second publication of a value says, in the shape of a side: not judged by itself.
republished as (
    select
        standing,
        reconciled.rounding,
        reconciled.differs_since,
        reconciled.left_source_code,
        reconciled.right_source_code,
        struct_update(
            standing,
            {% for figure in figures %}
                {{ figure }} := reconciled.right_{{ figure }},
            {% endfor %}
            status := case when reconciled.is_hidden then 'suppressed' else standing.status end,
            source_id := reconciled.right_source_id,
            judgement := cast(null as varchar)
        ) as other
    from headline as standing
    inner join {{ ref('int_reconciled') }} as reconciled on {{ same_key('standing', 'reconciled') }}
),

-- Whose file the value that stands is from: the left framework's, unless it is the right one's alone.
shared as (
    select
        {{ listed(link, 'links.') }}
        standing,
        left_speaks.source_id is null and right_speaks.source_id is not null as stands_right
    from links
    inner join of_areas as standing
        on
            links.left_indicator_id = standing.indicator_id
            and standing.period_end >= links.speaks_from
            and standing.period_end < links.speaks_before
    left join {{ ref('framework_sources') }} as left_speaks
        on links.left_framework = left_speaks.framework and standing.source_id = left_speaks.source_id
    left join {{ ref('framework_sources') }} as right_speaks
        on links.right_framework = right_speaks.framework and standing.source_id = right_speaks.source_id
    where links.is_one_measure and links.relation <> 'local_mirror'
),

-- Beside it stands what the other framework's own sources say of the same key, if any of them does.
beside_it as (
    select
        republished.*,
        speaks.framework
    from republished
    inner join {{ ref('framework_sources') }} as speaks on republished.other.source_id = speaks.source_id
    qualify
        row_number() over (
            partition by speaks.framework, {{ key_list('republished.standing.') }}
            order by republished.other.source_id, republished.right_source_code
        ) = 1
),

of_both_frameworks as (
    select
        {{ listed(link, 'shared.') }}
        case when shared.stands_right then beside_it.other else shared.standing end as left_side,
        case when shared.stands_right then shared.standing else beside_it.other end as right_side,
        case when beside_it.other is not null then if(shared.stands_right, 'left', 'right') end as second_side,
        beside_it.rounding,
        beside_it.differs_since
    from shared
    left join beside_it
        on
            {{ same_key('shared.standing', 'beside_it.standing') }}
            and beside_it.framework
            = case when shared.stands_right then shared.left_framework else shared.right_framework end
),

-- Every second publication, whoever's framework it is of.
given_again as (
    select
        indicators.title as theme,
        'republished' as relation,
        {% for side, source in [('left', 'standing'), ('right', 'other')] %}
            'none' as {{ side }}_framework,
            'none' as {{ side }}_edition,
            republished.{{ source }}.source_id || ' ' || republished.{{ side }}_source_code as {{ side }}_code,
            republished.standing.indicator_id as {{ side }}_indicator_id,
        {% endfor %}
        republished.standing as left_side,
        republished.other as right_side,
        'right' as second_side,
        republished.rounding,
        republished.differs_since
    from republished
    inner join {{ ref('int_indicators') }} as indicators
        on republished.standing.indicator_id = indicators.indicator_id
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
                {% elif column.endswith('_indicator_id') %}computed.indicator_id
                {% elif column == 'left_code' %}computed.source_id
                {% elif column == 'right_code' %}published.source_id
                {% else %}'none'{% endif %}
            ) as {{ column }},
        {% endfor %}
        computed as left_side,
        published as right_side,
        {{ half_a_unit(decimals_given('published.value', [
            'published.indicator_id', 'published.source_id', 'published.area_type', 'published.period_type',
            'published.period_start', 'published.period_end'
        ])) }} as rounding
    from {{ ref('alignment_sides') }} as computed
    inner join {{ ref('alignment_sides') }} as published
        on
            computed.origin = 'computed'
            and published.origin = 'published'
            {% for column in key_columns() if column != 'origin' %}
                and computed.{{ column }} = published.{{ column }}
            {% endfor %}
    inner join {{ ref('int_indicators') }} as indicators on computed.indicator_id = indicators.indicator_id
    left join links
        on
            links.relation = 'local_mirror'
            and links.is_one_measure
            and links.left_indicator_id = computed.indicator_id
            and computed.period_end >= links.speaks_from
            and computed.period_end < links.speaks_before
)

{% for step, kind in [
    ('nearest', 'two_measures'), ('alone', 'two_measures'), ('of_both_frameworks', 'one_measure'),
    ('given_again', 'one_measure'), ('mirrors', 'mirror'),
] %}
    select
        *,
        '{{ kind }}' as kind
    from {{ step }}
    {{ 'union all by name' if not loop.last }}
{% endfor %}

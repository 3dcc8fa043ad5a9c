{{ config(contract={'enforced': false}) }}

{% set series = ['indicator_id', 'area_code', 'period_type', 'period_start', 'period_end', 'sex', 'age'] %}
{% set no_areas = "('practice', 'pcn', 'provider', 'unknown')" %}
-- What the two sides of `alignment` can be: the values of linked indicators, and of those that are
-- worked out here as well as published, each with how it stands against England.
-- Frameworks speak of areas: of practices, networks and providers only what is given twice is wanted.
with linked as (
    select left_indicator_id as indicator_id from {{ ref('int_links') }}
    union
    select right_indicator_id as indicator_id from {{ ref('int_links') }}
),

-- The keys, but for the origin, of what is worked out here, and of what a publisher gives again.
given_twice as (
    select
        {{ listed(series) }}
        area_type
    from {{ ref('indicator_values') }}
    where origin = 'computed' and breakdown_type = 'all' and segment = 'all'
    union
    select
        {{ listed(series) }}
        coalesce(area_type, cast('unknown' as {{ word_list('area_type') }})) as area_type
    from {{ ref('int_reconciled') }}
),

levels_given_twice as (
    select distinct
        indicator_id,
        area_type
    from given_twice
),

headline as (
    select
        indicator_id,
        headline_age as age,
        unnest(string_split(headline_sex, '|')) as sex,
        true as is_headline
    from {{ ref('int_indicators') }}
),

observed as not materialized (
    select *
    from {{ ref('indicator_values') }}
    where
        breakdown_type = 'all'
        and segment = 'all'
        and status in ('published', 'held', 'suppressed', 'withdrawn')
),

-- In two parts: all is looked through for the few that are given twice by their level first, then by
-- their key.
sides as materialized (
    select observed.*
    from observed
    semi join linked on observed.indicator_id = linked.indicator_id
    where observed.area_type not in {{ no_areas }}
    union all
    select observed.*
    from observed
    semi join levels_given_twice using (indicator_id, area_type)
    semi join given_twice using ({{ series | join(', ') }})
    where
        observed.area_type in {{ no_areas }}
        or not exists (
            select 1 from linked
            where linked.indicator_id = observed.indicator_id
        )
),

computed_series as (
    select distinct {{ series | join(', ') }}
    from sides
    where origin = 'computed'
),

published_series as not materialized (
    select {{ series | join(', ') }}
    from sides
    where origin = 'published'
),

-- The publisher's own value speaks where there is one, ours where there is none. Few are ours.
overruled as (
    select computed.*
    from computed_series as computed
    semi join published_series using ({{ series | join(', ') }})
),

judgements as (
    {{ compared('sides', with_england_alone=true) }}
)

select
    {{ key_list('sides.') }},
    sides.area_type,
    sides.period_label,
    case when sides.status = 'published' then sides.value end as value,
    case when sides.status = 'published' then sides.lower_95 end as lower_95,
    case when sides.status = 'published' then sides.upper_95 end as upper_95,
    case when sides.status = 'published' then sides.numerator end as numerator,
    case when sides.status = 'published' then sides.denominator end as denominator,
    sides.unit,
    sides.status,
    sides.source_id,
    judgements.judgement,
    coalesce(headline.is_headline, false) as is_headline,
    sides.origin = 'published' or overruled.indicator_id is null as speaks
from sides
left join headline
    on
        sides.indicator_id = headline.indicator_id
        and sides.age = headline.age
        and sides.sex = headline.sex
left join judgements on {{ same_key('sides', 'judgements') }}
left join overruled
    on
        sides.indicator_id = overruled.indicator_id
        {% for column in series[1:] -%}
            and sides.{{ column }} = overruled.{{ column }}
        {% endfor %}

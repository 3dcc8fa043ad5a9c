{{ config(contract={'enforced': false}) }}

{% set series = ['indicator_id', 'area_code', 'period_type', 'period_start', 'period_end', 'sex', 'age'] %}
{% set no_areas = "('practice', 'pcn', 'provider', 'unknown')" %}
-- What the two sides of `alignment` can be: the values of linked indicators, and of those that are
-- worked out here as well as published, each with how it stands against England.
-- Frameworks speak of areas: of practices, networks and providers only what is given twice is wanted.
with wanted as (
    select
        indicator_id,
        bool_or(is_given_twice) as is_given_twice
    from (
        select
            left_indicator_id as indicator_id,
            false as is_given_twice
        from {{ ref('int_links') }}
        union all
        select
            right_indicator_id as indicator_id,
            false as is_given_twice
        from {{ ref('int_links') }}
        union all
        select
            indicator_id,
            true as is_given_twice
        from {{ ref('int_indicator_sources') }}
        where value_origin = 'computed'
        union all
        select
            indicator_id,
            true as is_given_twice
        from {{ ref('int_reconciled') }}
    )
    group by indicator_id
),

headline as (
    select
        indicator_id,
        headline_age as age,
        unnest(string_split(headline_sex, '|')) as sex,
        true as is_headline
    from {{ ref('int_indicators') }}
),

sides as not materialized (
    select observed.*
    from {{ ref('indicator_values') }} as observed
    inner join wanted on observed.indicator_id = wanted.indicator_id
    where
        (wanted.is_given_twice or observed.area_type not in {{ no_areas }})
        and observed.breakdown_type = 'all'
        and observed.segment = 'all'
        and observed.status in ('published', 'held', 'suppressed', 'withdrawn')
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
    select
        {{ key_list('compared.') }},
        compared.judgement
    from {{ ref('comparisons') }} as compared
    inner join wanted on compared.indicator_id = wanted.indicator_id
    where
        compared.comparator_type = 'england'
        and compared.breakdown_type = 'all'
        and compared.segment = 'all'
        and (wanted.is_given_twice or compared.area_type not in {{ no_areas }})
)

select
    {{ key_list('observed.') }},
    observed.area_type,
    observed.period_label,
    case when observed.status = 'published' then observed.value end as value,
    case when observed.status = 'published' then observed.lower_95 end as lower_95,
    case when observed.status = 'published' then observed.upper_95 end as upper_95,
    case when observed.status = 'published' then observed.numerator end as numerator,
    case when observed.status = 'published' then observed.denominator end as denominator,
    observed.unit,
    observed.status,
    observed.source_id,
    judgements.judgement,
    coalesce(headline.is_headline, false) as is_headline,
    observed.origin = 'published' or overruled.indicator_id is null as speaks
from sides as observed
left join headline
    on
        observed.indicator_id = headline.indicator_id
        and observed.age = headline.age
        and observed.sex = headline.sex
left join judgements on {{ same_key('observed', 'judgements') }}
left join overruled
    on
        observed.indicator_id = overruled.indicator_id
        {% for column in series[1:] -%}
            and observed.{{ column }} = overruled.{{ column }}
        {% endfor %}

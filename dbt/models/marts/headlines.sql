-- Which value speaks for an indicator in an area, at a glance: its headline series of the latest period,
-- for each edition of a framework that has the indicator, and for none of them. Where an indicator has no
-- persons series, both sexes speak. Where a framework's domain is a segment of its people, the segment's own
-- series speaks in that domain too, beside everybody's. Keys alone: what the values are, and how they stand,
-- is in the tables that have these keys.
-- Not kept in memory: keys of all values would cost more than reading them again.
with segment_domains as (
    select
        framework,
        edition,
        domain_code as segment
    from {{ ref('domains') }}
    where kind = 'segment'
),

everybody_and_segments as not materialized (
    select
        {{ key_list() }},
        area_type,
        period_label
    from {{ ref('indicator_values') }}
    where
        area_type <> 'unknown'
        and breakdown_type = 'all'
        and (segment = 'all' or segment in (select {{ as_words('segment', 'segment') }} from segment_domains))
),

whole_areas as not materialized (
    select * from everybody_and_segments
    where segment = 'all'
),

declared as (
    select
        {{ as_words('indicator_id', 'indicator_id') }} as indicator_id,
        {{ as_words('headline_age', 'age') }} as age,
        {{ as_words('sexes.sex', 'sex') }} as sex
    from {{ ref('int_indicators') }} as indicators
    cross join unnest(string_split(indicators.headline_sex, '|')) as sexes (sex)
),

spoken_for as (
    select distinct whole_areas.indicator_id
    from whole_areas
    inner join declared using (indicator_id, age, sex)
),

-- Where the series that is declared has no values, or none is declared, the only one there is speaks:
-- a measure of men alone isn't without data.
headline_series as (
    select * from declared
    union all
    select
        indicator_id,
        min(age) as age,
        min(sex) as sex
    from whole_areas
    where
        not exists (
            select 1 from spoken_for
            where spoken_for.indicator_id = whole_areas.indicator_id
        )
    group by indicator_id
    having count(distinct age) = 1 and count(distinct sex) = 1
),

members as (
    select distinct
        members.framework,
        members.edition,
        members.indicator_id,
        -- Whom a series of the indicator may be about there: everybody, and the segment that is its domain.
        unnest(
            case when segment_domains.segment is null then ['all'] else ['all', segment_domains.segment] end
        ) as segment,
        frameworks.area_codes,
        coalesce(frameworks.valid_to, date '9999-12-31') as edition_ends
    from {{ ref('int_framework_indicators') }} as members
    inner join {{ ref('int_frameworks') }} as frameworks
        on members.framework = frameworks.framework and members.edition = frameworks.edition
    left join segment_domains
        on
            members.framework = segment_domains.framework
            and members.edition = segment_domains.edition
            and members.domain_code = segment_domains.segment
    where members.life_cycle <> 'retired'
    union all
    -- By itself, whatever frameworks say: what is newest.
    select
        'none' as framework,
        'none' as edition,
        indicator_id,
        'all' as segment,
        null as area_codes,
        date '9999-12-31' as edition_ends
    from {{ ref('int_indicators') }}
),

given_way as (
    select {{ key_as_words(but=['origin']) }}
    from {{ ref('int_given_way') }}
),

headline as not materialized (
    select
        everybody_and_segments.indicator_id,
        everybody_and_segments.area_type,
        everybody_and_segments.area_code,
        everybody_and_segments.period_type,
        everybody_and_segments.period_start,
        everybody_and_segments.period_end,
        everybody_and_segments.period_label,
        everybody_and_segments.sex,
        everybody_and_segments.age,
        everybody_and_segments.segment,
        everybody_and_segments.breakdown_type,
        everybody_and_segments.breakdown,
        everybody_and_segments.origin
    from everybody_and_segments
    inner join headline_series using (indicator_id, age, sex)
    anti join given_way
        on
            given_way.area_code = everybody_and_segments.area_code
            {% for column in key_columns() if column not in ('area_code', 'origin') -%}
                and given_way.{{ column }} = everybody_and_segments.{{ column }}
            {% endfor %}
),

-- An edition is judged by its own time: the latest period that ends before the edition does. A year
-- and its last quarter end on one day: the longer speaks, and of two as long always the same one.
latest_periods as (
    select
        members.framework,
        members.edition,
        periods.indicator_id,
        periods.area_type,
        periods.segment,
        max({
            'ends': periods.period_end,
            'days': periods.period_end - periods.period_start,
            'type': periods.period_type
        }) as latest
    from (select distinct
        indicator_id,
        area_type,
        segment,
        period_type,
        period_start,
        period_end
    from headline) as periods
    inner join members
        on
            periods.indicator_id = members.indicator_id
            and periods.segment = members.segment
            and periods.period_end <= members.edition_ends
    group by members.framework, members.edition, periods.indicator_id, periods.area_type, periods.segment
),

latest as (
    select
        latest_periods.framework,
        latest_periods.edition,
        headline.*
    from headline
    inner join latest_periods
        on
            headline.indicator_id = latest_periods.indicator_id
            and headline.area_type = latest_periods.area_type
            and headline.segment = latest_periods.segment
            and headline.period_end = latest_periods.latest.ends
            and headline.period_end - headline.period_start = latest_periods.latest.days
            and headline.period_type = latest_periods.latest.type
    inner join
        (select distinct
            framework,
            edition,
            area_codes
        from members) as frameworks
        on latest_periods.framework = frameworks.framework and latest_periods.edition = frameworks.edition
    where
        -- A local framework speaks of its own areas, a national one of all that its indicators reach.
        (frameworks.area_codes is null or list_contains(string_split(frameworks.area_codes, '|'), headline.area_code))
        -- Of practices, networks and hospitals one by one nothing is said at a glance but in a framework's name.
        and (latest_periods.framework <> 'none' or headline.area_type not in ('practice', 'pcn', 'provider'))
)

-- The publisher's own value speaks where there is one, ours where there is none.
select latest.*
from latest
where
    not exists (
        select 1 from latest as other
        where
            other.framework = latest.framework
            and other.edition = latest.edition
            and other.indicator_id = latest.indicator_id
            and other.area_code = latest.area_code
            and other.sex = latest.sex
            and other.segment = latest.segment
            and other.origin > latest.origin
    )

{% set kind = [
    'indicator_id', 'area_type', 'period_type', 'period_start', 'period_end', 'sex', 'age', 'segment',
] %}

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

-- What there is, whatever the area: thousands of rows for millions. Which series and which period speak is
-- found among these.
kinds as (
    select
        {{ listed(kind) }}
        count(*) as value_count,
        min(origin) as first_origin,
        max(origin) as last_origin
    from everybody_and_segments
    group by {{ kind | join(', ') }}
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
    select distinct kinds.indicator_id
    from kinds
    inner join declared using (indicator_id, age, sex)
    where kinds.segment = 'all'
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
    from kinds
    where
        segment = 'all'
        and not exists (
            select 1 from spoken_for
            where spoken_for.indicator_id = kinds.indicator_id
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
    select
        {{ key_as_words(but=['origin']) }},
        true as gives_way
    from {{ ref('int_given_way') }}
),

given_way_areas as (select distinct area_code from given_way),

given_way_kinds as (
    select
        {{ listed(kind, 'everybody_and_segments.') }}
        count(*) as value_count
    from everybody_and_segments
    -- By their area alone rows are left out while they are read; the whole key is dear.
    semi join given_way_areas using (area_code)
    inner join given_way using ({{ key_columns() | reject('eq', 'origin') | join(', ') }})
    group by {{ kind | join(', ') }}
),

-- A kind of which every value gave way to another is none.
standing as (
    select
        kinds.*,
        given_way_kinds.value_count is not null as gives_way
    from kinds
    inner join headline_series using (indicator_id, age, sex)
    left join given_way_kinds using ({{ kind | join(', ') }})
    where kinds.value_count > coalesce(given_way_kinds.value_count, 0)
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
    from standing as periods
    inner join members
        on
            periods.indicator_id = members.indicator_id
            and periods.segment = members.segment
            and periods.period_end <= members.edition_ends
    group by members.framework, members.edition, periods.indicator_id, periods.area_type, periods.segment
),

speaking as (
    select
        latest_periods.framework,
        latest_periods.edition,
        string_split(frameworks.area_codes, '|') as area_codes,
        standing.*,
        min(standing.first_origin) over of_series <> max(standing.last_origin) over of_series as has_origins
    from standing
    inner join latest_periods
        on
            standing.indicator_id = latest_periods.indicator_id
            and standing.area_type = latest_periods.area_type
            and standing.segment = latest_periods.segment
            and standing.period_end = latest_periods.latest.ends
            and standing.period_end - standing.period_start = latest_periods.latest.days
            and standing.period_type = latest_periods.latest.type
    inner join
        (select distinct
            framework,
            edition,
            area_codes
        from members) as frameworks
        on latest_periods.framework = frameworks.framework and latest_periods.edition = frameworks.edition
    -- Of practices, networks and hospitals one by one nothing is said at a glance but in a framework's name.
    where latest_periods.framework <> 'none' or standing.area_type not in ('practice', 'pcn', 'provider')
    window of_series as (
        partition by
            latest_periods.framework, latest_periods.edition, standing.indicator_id, standing.sex, standing.segment
    )
),

speaking_periods as (select distinct period_end from speaking),

latest as (
    select
        speaking.framework,
        speaking.edition,
        speaking.has_origins,
        everybody_and_segments.*
    from everybody_and_segments
    semi join speaking_periods using (period_end)
    inner join speaking using ({{ kind | join(', ') }})
    -- Few kinds have values that give way: of the others none meets this join.
    anti join given_way using (gives_way, {{ key_columns() | reject('eq', 'origin') | join(', ') }})
    -- A local framework speaks of its own areas, a national one of all that its indicators reach.
    where speaking.area_codes is null or list_contains(speaking.area_codes, everybody_and_segments.area_code)
),

with_origins as (
    select * from latest
    where has_origins
)

-- The publisher's own value speaks where there is one, ours where there is none.
select
    latest.framework,
    latest.edition,
    latest.indicator_id,
    latest.area_type,
    latest.area_code,
    latest.period_type,
    latest.period_start,
    latest.period_end,
    latest.period_label,
    latest.sex,
    latest.age,
    latest.segment,
    latest.breakdown_type,
    latest.breakdown,
    latest.origin
from latest
anti join with_origins as other
    on
        latest.framework = other.framework
        and latest.edition = other.edition
        and latest.indicator_id = other.indicator_id
        and latest.area_code = other.area_code
        and latest.sex = other.sex
        and latest.segment = other.segment
        and latest.origin < other.origin

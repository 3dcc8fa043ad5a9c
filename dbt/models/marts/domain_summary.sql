{% set tallies = ['better', 'similar', 'worse', 'mixed', 'no_judgement', 'not_compared', 'no_data'] %}

-- At a glance: for each framework, domain and area, how the headline series of the latest period
-- stand against England. An indicator counts once: where it has no persons series, both sexes
-- speak for it, and where they differ it is mixed. In a domain that is a segment of the people, the
-- segment's own series speaks, and everybody's where there is none. `expected_worse_by_chance` is how many of the
-- judged would be worse if no area differed from England: 1 in 40 for each series, and both of two
-- where two speak.
with members as (
    select distinct
        members.framework,
        members.edition,
        members.domain_code,
        members.indicator_id,
        frameworks.area_codes
    from {{ ref('int_framework_indicators') }} as members
    inner join {{ ref('int_frameworks') }} as frameworks
        on members.framework = frameworks.framework and members.edition = frameworks.edition
    where members.life_cycle <> 'retired'
),

latest as (
    select
        headlines.*,
        judgements.judgement,
        judgements.reason
    from (
        select
            framework,
            edition,
            area_type,
            {{ key_as_words() }}
        from {{ ref('headlines') }}
        where framework <> 'none'
    ) as headlines
    inner join {{ ref('int_headline_judgements') }} as judgements using ({{ key_columns() | join(', ') }})
),

verdicts as (
    select
        framework,
        edition,
        indicator_id,
        segment,
        area_type,
        area_code,
        min(period_start) as period_start,
        max(period_end) as period_end,
        count(*) as series,
        case
            when bool_and(coalesce(reason, '') in ('value_not_available', 'value_not_collected')) then 'no_data'
            when bool_or(judgement = 'not_compared') then 'not_compared'
            when bool_or(judgement in ('no_judgement', 'lower', 'higher')) then 'no_judgement'
            when min(judgement) <> max(judgement) then 'mixed'
            else min(judgement)
        end as verdict
    from latest
    group by framework, edition, indicator_id, segment, area_type, area_code
),

reached as (
    select distinct
        framework,
        edition,
        area_type,
        area_code
    from verdicts
),

-- Of its own areas also where no indicator has a value: that none has is what there is to see.
named as (
    select distinct
        framework,
        edition,
        unnest(string_split(area_codes, '|')) as area_code
    from members
),

areas_of_framework as (
    select * from reached
    union all
    select
        named.framework,
        named.edition,
        areas.area_type,
        named.area_code
    from named
    inner join {{ ref('int_areas') }} as areas using (area_code)
    anti join reached using (framework, edition, area_code)
),

-- What is said of each member of a domain in each area of which anything is.
said as (
    select
        members.framework,
        members.edition,
        members.domain_code,
        members.indicator_id,
        verdicts.* exclude (framework, edition, indicator_id)
    from members
    inner join verdicts using (framework, edition, indicator_id)
    where verdicts.segment in ('all', members.domain_code)
),

of_segment as (
    select * from said
    where segment <> 'all'
),

spoken as (
    select said.*
    from said
    anti join of_segment
        on
            said.segment = 'all'
            {% for column in ['framework', 'edition', 'domain_code', 'indicator_id', 'area_code'] -%}
                and said.{{ column }} = of_segment.{{ column }}
            {% endfor %}
),

tallied as (
    select
        framework,
        edition,
        domain_code,
        area_code,
        count(*) as indicators,
        {% for verdict in tallies -%}
            count(*) filter (where verdict = '{{ verdict }}') as "{{ verdict }}",
        {% endfor -%}
        min(period_start) as earliest_period_start,
        max(period_end) as latest_period_end,
        sum(power(0.025, series)) filter (where verdict in ('better', 'similar', 'worse', 'mixed'))
            as expected_worse_by_chance
    from spoken
    group by framework, edition, domain_code, area_code
),

-- Where today's area speaks for one that has ended, that one doesn't lack a value.
spoken_for as (
    select
        members.framework,
        members.edition,
        members.domain_code,
        given_way.area_code,
        count(*) as indicators
    from members
    inner join (
        select distinct
            indicator_id,
            area_code
        from {{ ref('int_given_way') }}
    ) as given_way using (indicator_id)
    anti join spoken using (framework, edition, domain_code, indicator_id, area_code)
    group by members.framework, members.edition, members.domain_code, given_way.area_code
),

domains as (
    select
        framework,
        edition,
        domain_code,
        count(*) as indicators
    from members
    group by framework, edition, domain_code
),

-- Every domain of the framework for every area that the framework reaches, with how many indicators it is of: what
-- is missing is seen, and counted rather than listed.
grid as (
    select
        domains.framework,
        domains.edition,
        domains.domain_code,
        areas_of_framework.area_type,
        areas_of_framework.area_code,
        domains.indicators - coalesce(spoken_for.indicators, 0) as indicators
    from domains
    inner join areas_of_framework using (framework, edition)
    left join spoken_for using (framework, edition, domain_code, area_code)
    where domains.indicators > coalesce(spoken_for.indicators, 0)
)

select
    grid.framework,
    grid.edition,
    grid.domain_code,
    grid.area_type,
    grid.area_code,
    grid.indicators,
    {% for verdict in tallies if verdict != 'no_data' -%}
        coalesce(tallied."{{ verdict }}", 0) as "{{ verdict }}",
    {% endfor -%}
    grid.indicators - coalesce(tallied.indicators - tallied.no_data, 0) as no_data,
    tallied.earliest_period_start,
    tallied.latest_period_end,
    round(coalesce(tallied.expected_worse_by_chance, 0.0), 6) as expected_worse_by_chance
from grid
left join tallied using (framework, edition, domain_code, area_code)

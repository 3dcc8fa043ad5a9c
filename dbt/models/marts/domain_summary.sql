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
            when count(distinct judgement) > 1 then 'mixed'
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

-- Every indicator of the framework for every area that the framework reaches: what is missing is seen.
grid as (
    select
        members.framework,
        members.edition,
        members.domain_code,
        areas_of_framework.area_type,
        areas_of_framework.area_code,
        members.indicator_id,
        coalesce(of_segment.verdict, of_all.verdict, 'no_data') as verdict,
        coalesce(of_segment.series, of_all.series) as series,
        coalesce(of_segment.period_start, of_all.period_start) as period_start,
        coalesce(of_segment.period_end, of_all.period_end) as period_end
    from members
    inner join areas_of_framework using (framework, edition)
    {% for side, segment in [('of_all', "'all'"), ('of_segment', 'members.domain_code')] -%}
        left join verdicts as {{ side }}
            on
                members.framework = {{ side }}.framework
                and members.edition = {{ side }}.edition
                and members.indicator_id = {{ side }}.indicator_id
                and areas_of_framework.area_code = {{ side }}.area_code
                and {{ side }}.segment = {{ segment }}
    {% endfor -%}
    -- Where today's area speaks for one that has ended, that one doesn't lack a value.
    where
        of_segment.verdict is not null
        or of_all.verdict is not null
        or not exists (
            select 1 from {{ ref('int_given_way') }} as given_way
            where
                given_way.area_code = areas_of_framework.area_code
                and given_way.indicator_id = members.indicator_id
        )
)

select
    framework,
    edition,
    domain_code,
    area_type,
    area_code,
    count(*) as indicators,
    count(*) filter (where verdict = 'better') as better,
    count(*) filter (where verdict = 'similar') as "similar",
    count(*) filter (where verdict = 'worse') as worse,
    count(*) filter (where verdict = 'mixed') as mixed,
    count(*) filter (where verdict = 'no_judgement') as no_judgement,
    count(*) filter (where verdict = 'not_compared') as not_compared,
    count(*) filter (where verdict = 'no_data') as no_data,
    min(period_start) as earliest_period_start,
    max(period_end) as latest_period_end,
    round(
        coalesce(sum(power(0.025, series)) filter (where verdict in ('better', 'similar', 'worse', 'mixed')), 0.0), 6
    ) as expected_worse_by_chance
from grid
group by framework, edition, domain_code, area_type, area_code

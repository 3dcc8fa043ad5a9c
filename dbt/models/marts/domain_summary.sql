-- At a glance: for each framework, domain and area, how the headline series of the latest period
-- stand against England. An indicator counts once: where it has no persons series, both sexes
-- speak for it, and where they differ it is mixed. `expected_worse_by_chance` is how many of the
-- judged would be worse if no area differed from England: 1 in 40 for each series, and both of two
-- where two speak.
with against_england as (
    select *
    from {{ ref('comparisons') }}
    where
        comparator_type = 'england'
        and area_type <> 'unknown'
        and breakdown_type = 'all'
        and segment = 'all'
),

declared as (
    select
        indicator_id,
        headline_age as age,
        unnest(string_split(headline_sex, '|')) as sex
    from {{ ref('int_indicators') }}
),

spoken_for as (
    select distinct compared.indicator_id
    from against_england as compared
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
    from against_england
    where
        not exists (
            select 1 from spoken_for
            where spoken_for.indicator_id = against_england.indicator_id
        )
    group by indicator_id
    having count(distinct age) = 1 and count(distinct sex) = 1
),

members as (
    select distinct
        members.framework,
        members.edition,
        members.domain_code,
        members.indicator_id,
        frameworks.area_codes,
        coalesce(frameworks.valid_to, date '9999-12-31') as edition_ends
    from {{ ref('int_framework_indicators') }} as members
    inner join {{ ref('int_frameworks') }} as frameworks
        on members.framework = frameworks.framework and members.edition = frameworks.edition
    where members.life_cycle <> 'retired'
),

-- Where a value was recast to an area of today, those that it came from and those that it was shared out
-- of give way to it: nobody speaks twice.
given_way as (
    select distinct
        changes.area_code,
        parts.indicator_id,
        parts.period_type,
        parts.period_start,
        parts.period_end,
        parts.sex,
        parts.age,
        parts.segment,
        parts.breakdown_type,
        parts.breakdown
    from {{ ref('int_recast_parts') }} as parts
    inner join {{ ref('int_recast__observations') }} as recast on {{ is_part_of('parts', 'recast') }}
    inner join {{ ref('int_area_changes') }} as changes on parts.current_code = changes.current_code
    where
        parts.area_tier = parts.predecessor_tier
        and recast.status = 'published'
        -- A recast value that is held or taken back speaks for nobody.
        and parts.recast_row_id not in (
            select row_id from {{ ref('int_kept_back') }}
            where status <> 'published'
        )
        and changes.area_tier = changes.predecessor_tier
        and changes.share > 0.01
),

headline as (
    select
        comparisons.indicator_id,
        comparisons.area_type,
        comparisons.area_code,
        comparisons.period_type,
        comparisons.period_start,
        comparisons.period_end,
        comparisons.sex,
        comparisons.origin,
        comparisons.judgement,
        comparisons.reason
    from against_england as comparisons
    inner join headline_series using (indicator_id, age, sex)
    where
        not exists (
            select 1 from given_way
            where
                given_way.area_code = comparisons.area_code
                {% for column in key_columns() if column not in ('area_code', 'origin') -%}
                    and given_way.{{ column }} = comparisons.{{ column }}
                {% endfor %}
        )
),

-- An edition is judged by its own time: the latest period that ends before the edition does. A year
-- and its last quarter end on one day: the longer speaks, and of two as long always the same one.
latest_periods as (
    select
        members.framework,
        members.edition,
        periods.indicator_id,
        periods.area_type,
        max({
            'ends': periods.period_end,
            'days': periods.period_end - periods.period_start,
            'type': periods.period_type
        }) as latest
    from (select distinct
        indicator_id,
        area_type,
        period_type,
        period_start,
        period_end
    from headline) as periods
    inner join members
        on
            periods.indicator_id = members.indicator_id
            and periods.period_end <= members.edition_ends
    group by members.framework, members.edition, periods.indicator_id, periods.area_type
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
            and headline.period_end = latest_periods.latest.ends
            and headline.period_end - headline.period_start = latest_periods.latest.days
            and headline.period_type = latest_periods.latest.type
    -- The publisher's own value speaks where there is one, ours where there is none.
    qualify
        headline.origin = max(headline.origin) over (
            partition by
                latest_periods.framework, latest_periods.edition, headline.indicator_id,
                headline.area_code, headline.sex
        )
),

verdicts as (
    select
        framework,
        edition,
        indicator_id,
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
    group by framework, edition, indicator_id, area_type, area_code
),

-- A local framework speaks of its own areas, a national one of all that its indicators reach.
reached as (
    select distinct
        verdicts.framework,
        verdicts.edition,
        verdicts.area_type,
        verdicts.area_code
    from verdicts
    inner join members
        on
            verdicts.framework = members.framework
            and verdicts.edition = members.edition
            and verdicts.indicator_id = members.indicator_id
    where
        members.area_codes is null
        or list_contains(string_split(members.area_codes, '|'), verdicts.area_code)
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
        coalesce(verdicts.verdict, 'no_data') as verdict,
        verdicts.series,
        verdicts.period_start,
        verdicts.period_end
    from members
    inner join areas_of_framework using (framework, edition)
    left join verdicts
        on
            members.framework = verdicts.framework
            and members.edition = verdicts.edition
            and members.indicator_id = verdicts.indicator_id
            and areas_of_framework.area_code = verdicts.area_code
    -- Where today's area speaks for one that has ended, that one doesn't lack a value.
    where
        verdicts.verdict is not null
        or not exists (
            select 1 from given_way
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

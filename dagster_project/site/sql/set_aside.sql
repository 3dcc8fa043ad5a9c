-- What the release has of a framework's member in an area in which none of its values speaks for it:
-- whether one of the newest period is shown, and if none is, what they say instead.
with reached as (
    select distinct
        area_code,
        framework,
        edition
    from domain_summary
    where area_type in (select area_type from levels)
),

lacking as (
    select distinct
        reached.area_code,
        reached.framework,
        reached.edition,
        members.indicator_id
    from reached
    inner join framework_indicators as members using (framework, edition)
    anti join headlines
        on
            reached.framework = headlines.framework
            and reached.edition = headlines.edition
            and reached.area_code = headlines.area_code
            and members.indicator_id = headlines.indicator_id
),

newest as (
    select
        lacking.*,
        v.status
    from lacking
    inner join shown_indicator_values as v using (area_code, indicator_id)
    inner join indicators using (indicator_id)
    where
        v.segment = 'all'
        and v.breakdown_type = 'all'
        -- Of the series that would speak, where it is said which does.
        and coalesce(list_contains(string_split(indicators.headline_sex, '|'), v.sex), true)
        and coalesce(v.age = indicators.headline_age, true)
    qualify v.period_end = max(v.period_end) over (
        partition by lacking.area_code, lacking.framework, lacking.edition, lacking.indicator_id
    )
)

select
    area_code,
    framework,
    edition,
    indicator_id,
    bool_or(status in ('published', 'held')) as is_shown,
    -- Where several say why: that it is hidden weighs most, else always the same one.
    coalesce(max(status) filter (status = 'suppressed'), max(status)) as status
from newest
group by area_code, framework, edition, indicator_id

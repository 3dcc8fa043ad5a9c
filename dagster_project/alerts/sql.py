"""What is asked of a release's tables. `now` and `before` are schemas: two releases."""

from __future__ import annotations

KEY = (
    "indicator_id, area_code, period_type, period_start, period_end, sex, age, segment,"
    " breakdown_type, breakdown, origin"
)
SPAN = (
    "if(min(period_start) = max(period_start), arg_max(period_label, period_start),"
    " arg_min(period_label, period_start) || ' to ' || arg_max(period_label, period_start))"
)
# The areas to name: those that somebody follows, or all of a few.
NAMED = (
    "list_sort(list_distinct(if(count(distinct area_code) <= 3, list(area_code),"
    " list(area_code) filter (area_code in (select unnest($followed))))))"
)

# Values that are held for the first time in one release come from the extracts that came with it.
HELD = f"""
select source_id, held_since, indicator_id,
    count(distinct ({KEY})), count(distinct area_code), {SPAN}, {NAMED},
    count(distinct ({KEY})) filter (keeps_last_good_value),
    list_sort(list_distinct(list(check_id)))
from now.holds
group by all
order by all
"""
HELD_CHECKS = """
select source_id, held_since, check_id, any_value(reason), count(*)
from now.holds
group by all
order by all
"""

WARNED = """
select source_id, indicator_id, check_id, any_value(title), sum(groups_found)::bigint,
    sum(values_found)::bigint
from now.findings
where severity = 'warning'
group by source_id, indicator_id, check_id
order by source_id, indicator_id, check_id
"""

AREAS_SHOWN = """
select indicator_id, count(distinct area_code) as areas, any_value(source_id) as source_id
from {release}.indicator_values
where status in ('published', 'held')
group by indicator_id
"""
# Areas whose value is held still count: they have an alert of their own.
COVERAGE = f"""
select before.indicator_id, before.source_id, before.areas, coalesce(shown.areas, 0)
from ({AREAS_SHOWN.format(release="before")}) as before
left join ({AREAS_SHOWN.format(release="now")}) as shown using (indicator_id)
where coalesce(shown.areas, 0) < before.areas
order by all
"""
AREAS_NOW = AREAS_SHOWN.format(release="now")

PAIRS_REFUSED = """
select shown."left", shown."right", shown.left_name, shown.right_name, shown.reason_text
from now.comparability as shown
where shown.left_kind = 'indicator' and shown.right_kind = 'indicator'
    and shown.verdict = 'not_comparable'
order by all
"""
PAIRS_MADE = """
select "left", "right" from before.comparability where verdict != 'not_comparable'
"""
JUDGED = "('better', 'worse', 'similar', 'lower', 'higher')"
LATEST_AGAINST_ENGLAND = """
    select * from {release}.comparisons
    where comparator_type = 'england'
    qualify period_start = max(period_start) over (partition by indicator_id)
"""
# Why the latest period isn't compared with England, where no area's is; a value that isn't there is
# told as that.
OF_THE_COMPARISON = "not reason like 'value!_%' escape '!' and reason != 'is_comparator'"
ENGLAND_REFUSED = f"""
select indicator_id, mode(reason) filter ({OF_THE_COMPARISON})
from ({LATEST_AGAINST_ENGLAND.format(release="now")})
group by indicator_id
having count(*) filter (judgement in {JUDGED}) = 0
    and count(*) filter ({OF_THE_COMPARISON}) > 0
order by all
"""
ENGLAND_MADE = f"""
select distinct indicator_id
from ({LATEST_AGAINST_ENGLAND.format(release="before")})
where judgement in {JUDGED}
"""

# Another file of the publisher made it, and no role has given the reason.
UNEXPLAINED = "changes.cause = 'data' and changes.reason is null"
# A release that is older than the causes has them as reasons.
UNEXPLAINED_ONCE = "changes.reason = 'data'"
REVISED = f"""
select coalesce(source_id, ''), indicator_id, count(*), count(distinct area_code), {SPAN}, {NAMED}
from now.changes
left join now.indicator_values using ({KEY})
where change = 'revised' and {{unexplained}}
group by 1, 2
order by 1, 2
"""

# The latest of each headline series of the areas that somebody follows.
HEADLINE = """
inner join {release}.indicators as described
    on series.indicator_id = described.indicator_id and series.age = described.headline_age
    and list_contains(string_split(described.headline_sex, '|'), series.sex)
where series.area_code in (select unnest($followed))
    and series.breakdown_type = 'all' and series.segment = 'all'
"""
LATEST_JUDGED = f"""
select series.indicator_id, series.area_code, series.sex, series.period_label, series.judgement,
    series.value, vals.lower_95, vals.upper_95
from {{release}}.comparisons as series
inner join {{release}}.indicator_values as vals using ({KEY})
{HEADLINE} and series.comparator_type = 'england' and series.judgement in {JUDGED}
qualify 1 = row_number() over (
    partition by series.indicator_id, series.area_code, series.sex
    order by series.period_start desc, series.origin desc
)
"""
# The judgement against England changed, and each value lies outside the other's limits.
MOVED_AGAINST_ENGLAND = f"""
with shown as ({LATEST_JUDGED.format(release="now")}),
earlier as ({LATEST_JUDGED.format(release="before")})
select indicator_id, area_code, sex, shown.period_label, earlier.judgement, shown.judgement,
    shown.judgement
from shown inner join earlier using (indicator_id, area_code, sex)
where shown.judgement != earlier.judgement
    and not shown.value between earlier.lower_95 and earlier.upper_95
    and not earlier.value between shown.lower_95 and shown.upper_95
order by all
"""
LATEST_TREND = f"""
select series.indicator_id, series.area_code, series.sex, series.direction, series.judgement,
    year(series.last_period_start)::varchar as last_year
from {{release}}.trends as series
{HEADLINE} and series.direction != 'not_calculated'
qualify 1 = row_number() over (
    partition by series.indicator_id, series.area_code, series.sex order by series.origin desc
)
"""
MOVED_TREND = f"""
with shown as ({LATEST_TREND.format(release="now")}),
earlier as ({LATEST_TREND.format(release="before")})
select indicator_id, area_code, sex, shown.last_year, earlier.direction, shown.direction,
    shown.judgement
from shown inner join earlier using (indicator_id, area_code, sex)
where shown.direction != earlier.direction
order by all
"""
AREA_NAMES = (
    "select area_code, any_value(area_name) from now.areas"
    " where area_code in (select unnest($followed)) group by area_code"
)

# Outcomes that something was paid on, though it may have to be put right.
MAY_CHANGE = """
with lines as (
    select *, unnest(rests_on) as why from now.contract_statements where amount is not null
)
select contract_id, contract_period, any_value(paid.title), any_value(paid.pay_by), indicator_id,
    list_sort(list_distinct(list(lines.title))), list_sort(list_distinct(list(lines.area_code))),
    list_sort(list_distinct(list(why))),
    list_sort(list(provider_id || '/' || outcome_id || '/' || why))
from lines inner join now.contract_payments as paid
    using (contract_id, provider_id, contract_period)
where why in ('held', 'last_good', 'provisional', 'revised')
group by contract_id, contract_period, indicator_id
order by contract_id, contract_period, indicator_id
"""

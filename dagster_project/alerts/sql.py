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

# The first few areas by name, those that somebody follows first.
WHERE = (
    "list_transform(list_sort(list_distinct(list("
    "struct_pack(other := area_code not in (select unnest($followed)),"
    " name := coalesce(area_name, area_code))"
    ")))[:3], lambda area: area.name)"
)
NAMES = "(select area_code, any_value(area_name) as area_name from now.areas group by all)"

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
HELD_CHECKS = f"""
select source_id, held_since, check_id, indicator_id, any_value(reason), count(*),
    count(distinct area_code), {SPAN}, {WHERE}
from now.holds left join {NAMES} using (area_code)
group by all
order by source_id, held_since, check_id, indicator_id
"""

# A release of earlier code doesn't say which areas.
WARNED = f"""
with labels as (
    select indicator_id, period_type, period_start, period_end,
        any_value(period_label) as period_label
    from now.indicator_values
    group by all
),
placed as (
    select source_id, indicator_id, check_id, {SPAN} as periods,
        list_sort(list_distinct(list(area_type))) as levels
    from now.check_results
    left join labels using (indicator_id, period_type, period_start, period_end)
    where outcome in ('pass with failures', 'fail', 'error')
    group by all
),
warned as (
    select source_id, indicator_id, check_id, any_value(title) as title,
        sum(groups_found)::bigint as found_in_groups, sum(values_found)::bigint as found_in_values,
        list_sort(list_distinct(flatten(list({{area_codes}})))) as area_codes
    from now.findings
    where severity = 'warning'
    group by source_id, indicator_id, check_id
),
named as (
    select source_id, indicator_id, check_id, count(distinct area_code) as areas,
        {NAMED} as followed, {WHERE} as places
    from (select *, unnest(area_codes) as area_code from warned)
    left join {NAMES} using (area_code)
    group by all
)
select source_id, indicator_id, check_id, title, found_in_groups, found_in_values,
    coalesce(areas, 0), coalesce(periods, ''), coalesce(followed, []), coalesce(places, []),
    coalesce(levels, [])
from warned
left join placed using (source_id, indicator_id, check_id)
left join named using (source_id, indicator_id, check_id)
order by source_id, indicator_id, check_id
"""

# The last good value of what is held stands too.
PUBLISHED = """
select source_id, count(distinct indicator_id)
from now.indicator_values
where value is not null
group by all
order by all
"""
# Areas whose value is held still count: they have an alert of their own.
AREAS_SHOWN = """
select indicator_id, area_code, any_value(source_id) as source_id
from {release}.indicator_values
where status in ('published', 'held')
group by indicator_id, area_code
"""
FELL = f"""
with earlier as ({AREAS_SHOWN.format(release="before")}),
shown as ({AREAS_SHOWN.format(release="now")}),
gone as (from earlier anti join shown using (indicator_id, area_code)),
counted as (
    select earlier.indicator_id, any_value(earlier.source_id) as source_id,
        count(distinct earlier.area_code) as areas_before
    from earlier
    group by all
)
select indicator_id, source_id, areas_before,
    (select count(*) from shown where shown.indicator_id = counted.indicator_id) as areas,
    coalesce(gone_areas, [])
from counted
left join (
    select indicator_id, list_sort(list(area_code)) as gone_areas from gone group by all
) using (indicator_id)
where areas < areas_before
order by all
"""
AREAS_NOW = f"""
select indicator_id, list(area_code) from ({AREAS_SHOWN.format(release="now")}) group by all
"""
# Areas of which a value is hidden or was taken back: that isn't pointed at.
AREAS_HIDDEN = """
select indicator_id, list(distinct area_code)
from now.indicator_values
where status in ('suppressed', 'withdrawn')
group by all
"""

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
select coalesce(source_id, ''), indicator_id, count(*), count(distinct area_code), {SPAN}, {NAMED},
    {WHERE}
from now.changes
left join now.indicator_values using ({KEY})
left join {NAMES} using (area_code)
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
# Areas that have a page of their own on the site.
PAGED = (
    "select area_code, any_value(area_name) from now.areas"
    " where area_type in (select unnest($levels)) group by area_code"
)
AREA_NAMES = "select area_code, any_value(area_name) from now.areas group by area_code"

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

PAYMENTS = """
select contract_id, contract_period, provider_id, status, title, provider, pay_by
from {release}.contract_payments
order by all
"""
# Outcomes of a payment that is open again: what isn't plainly paid on a value that is settled.
OPEN_AGAIN = """
select contract_id, contract_period, provider_id, indicator_id, outcome_id, title, area_code, state
from now.contract_statements
where state not in ('paid', 'excluded')
    or list_has_any(rests_on, ['held', 'last_good', 'provisional', 'revised'])
order by all
"""

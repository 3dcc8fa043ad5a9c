-- The newest row of each link in each area that has a page, where one side is a local framework's and
-- the other a national one's.
with kinds as (
    select distinct framework, edition, framework_kind from framework_indicators
)

select alignment.*
from alignment
inner join kinds as l
    on alignment.left_framework = l.framework and alignment.left_edition = l.edition
inner join kinds as r
    on alignment.right_framework = r.framework and alignment.right_edition = r.edition
where
    l.framework_kind <> r.framework_kind
    and alignment.area_type in (select area_type from levels)
-- A row that tells both sides says more than one that lacks a side.
qualify row_number() over (
    partition by
        theme, relation, left_framework, left_edition, left_code, left_indicator_id,
        right_framework, right_edition, right_code, right_indicator_id, area_code
    order by
        (left_value is not null and right_value is not null) desc,
        period_end desc, period_start, alignment.sex, alignment.age, period_type
) = 1
order by
    area_code, theme, relation, left_code, right_code, left_edition, right_edition,
    left_framework, right_framework, left_indicator_id, right_indicator_id;

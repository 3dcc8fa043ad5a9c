-- Each link between two frameworks, and in how many areas its two sides agree, by the newest row of each
-- area that has a page.
with newest as (
    select *
    from alignment
    where area_type in (select area_type from levels) and relation <> 'republished'
    qualify row_number() over (
        partition by
            theme, relation, left_framework, left_edition, left_code, left_indicator_id,
            right_framework, right_edition, right_code, right_indicator_id, area_code
        order by
            (left_value is not null and right_value is not null) desc,
            period_end desc, period_start, sex, age, period_type
    ) = 1
)

select
    theme, relation, left_framework, left_edition, left_code, left_indicator_id,
    right_framework, right_edition, right_code, right_indicator_id,
    min(verdict) as verdict,
    any_value(reasons order by area_code) as reasons,
    count(*) as areas,
    count(*) filter (where agreement = 'agree') as agree,
    count(*) filter (where agreement = 'differ') as differ,
    count(*) filter (where agreement = 'not_judged') as not_judged,
    count(*) filter (where agreement = 'not_comparable') as not_comparable,
    count(*) filter (where agreement = 'value_set_aside') as value_set_aside,
    count(*) filter (where agreement = 'left_missing') as left_missing,
    count(*) filter (where agreement = 'right_missing') as right_missing
from newest
where left_framework <> 'none' and right_framework <> 'none'
group by
    theme, relation, left_framework, left_edition, left_code, left_indicator_id,
    right_framework, right_edition, right_code, right_indicator_id
order by theme, relation, left_framework, left_edition desc, left_code, right_edition desc, right_code,
    right_framework, left_indicator_id, right_indicator_id

-- Each row that is compared with England in print, beside England's own row of the same indicator,
-- period, sex, age and breakdown. The comparison is ours: England within the row's 95% limits.
with england as (
    select *
    from published
    where area_code = 'E92000001'
)

select
    rows.*,
    lower(rows.compared_to_england) as word,
    england.value as comparator_value,
    england.numerator / england.denominator as england_share
from published as rows
left join england
    on
        rows.edition = england.edition
        and rows.indicator_code = england.indicator_code
        and rows.start_year = england.start_year
        and rows.sex = england.sex
        and rows.age = england.age
        and rows.category is not distinct from england.category
where rows.edition = 'Fingertips CSV'

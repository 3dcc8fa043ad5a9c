-- The financial years that are measured: the last three of which the hospital extracts hold the whole, with
-- two years before the first of them to look back on. A year is whole once an admission of its last month is
-- there.
with years as (
    select
        2000 + cast(substring(financial_year, 1, 2) as integer) as year_from,
        max(admitted_on) as last_admission
    from {{ ref('stg_hospital__episodes') }}
    where substring(financial_year, 1, 2) < '90'
    group by 2000 + cast(substring(financial_year, 1, 2) as integer)
),

whole as (
    select
        year_from,
        min(year_from) over () as first_year,
        max(year_from) over () as last_year
    from years
    where last_admission >= cast(concat(cast(year_from + 1 as varchar), '-03-01') as date)
)

select
    cast(concat(cast(year_from as varchar), '-04-01') as date) as period_start,
    cast(concat(cast(year_from + 1 as varchar), '-03-31') as date) as period_end,
    'financial_year' as period_type
from whole
where year_from >= first_year + 2 and year_from > last_year - {{ var('linked_years', 3) }}

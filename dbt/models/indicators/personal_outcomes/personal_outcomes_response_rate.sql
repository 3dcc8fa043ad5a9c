-- Questionnaires that came back, out of those that were sent: of all together, and of each questionnaire. The
-- year is that of the answer, or of sending where none came.
with asked as (
    select
        area_code,
        first_year,
        segment,
        instrument,
        case when answered_on is not null then 1 else 0 end as numerator
    from {{ ref('int_survey__questionnaires') }}
    where {{ is_council('area_code') }}
),

cut as (
    select
        area_code,
        first_year,
        'all' as segment,
        'all' as breakdown_type,
        'all' as breakdown,
        numerator
    from asked
    union all
    select
        area_code,
        first_year,
        'all' as segment,
        'Questionnaire' as breakdown_type,
        instrument as breakdown,
        numerator
    from asked
    union all
    select
        area_code,
        first_year,
        segment,
        'Questionnaire' as breakdown_type,
        instrument as breakdown,
        numerator
    from asked
    where segment <> 'none'
)

select
    'utla' as area_type,
    area_code,
    'financial_year' as period_type,
    cast(concat(cast(first_year as varchar), '-04-01') as date) as period_start,
    cast(concat(cast(first_year + 1 as varchar), '-03-31') as date) as period_end,
    'Persons' as sex,
    'All ages' as age,
    segment,
    breakdown_type,
    breakdown,
    'all' as band,
    cast(sum(numerator) as double) as numerator,
    cast(count(*) as double) as denominator
from cut
group by
    area_code,
    first_year,
    segment,
    breakdown_type,
    breakdown

-- The first value of a series at or after a break, where the series reaches over it or begins with it.
-- Breaks are of few indicators: of all other rows only whose they are is read.
with of_broken as (
    select
        row_id,
        {{ listed(series_columns()) }}
        period_start,
        period_end,
        source_id
    from {{ ref('candidate_values') }}
    where indicator_id in (select indicator_id from {{ ref('int_series_breaks') }})
),

placed as (
    select
        of_broken.row_id,
        of_broken.period_start,
        of_broken.period_end,
        breaks.from_date,
        min(of_broken.period_end) over series as first_end,
        min(of_broken.period_end) filter (where of_broken.period_end >= breaks.from_date) over series as end_after
    from of_broken
    inner join {{ ref('int_series_breaks') }} as breaks using (indicator_id)
    where breaks.applies_to = 'period' and (breaks.source_id is null or of_broken.source_id = breaks.source_id)
    window series as (partition by {{ series_columns() | join(', ') }}, breaks.from_date)
)

select distinct row_id
from placed
where period_end = end_after and (first_end < from_date or period_start <= from_date)

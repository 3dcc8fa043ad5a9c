-- Which values their publisher calls provisional: those of a period that seeds/provisional_periods.csv names,
-- from files older than the day from which its figures are final. A file without a day of its own
-- isn't known to be final.
select distinct candidates.row_id
from {{ ref('candidate_values') }} as candidates
inner join {{ ref('provisional_periods') }} as periods
    on
        candidates.source_id = periods.source_id
        and candidates.period_start = cast(periods.period_start as date)
        and (periods.indicator_id is null or candidates.indicator_id = periods.indicator_id)
inner join {{ ref('stg_ledger__extracts') }} as extracts on candidates.extract_id = extracts.extract_id
where coalesce(extracts.vintage_date < cast(periods.final_from as date), true)

-- Which of two extracts of a source is the later: by vintage where both state one and they differ,
-- else where one replaced the other in the same place of the inbox in a later run. Other pairs have
-- no order.
select
    earlier.extract_id as earlier_id,
    later.extract_id as later_id,
    later.relative_path = earlier.relative_path as is_replacement
from {{ ref('stg_ledger__extracts') }} as earlier
inner join {{ ref('stg_ledger__extracts') }} as later
    on
        earlier.source_id = later.source_id
        and (
            earlier.vintage_date < later.vintage_date
            or (
                coalesce(later.vintage_date = earlier.vintage_date, true)
                and earlier.relative_path = later.relative_path
                and earlier.run_number < later.run_number
            )
        )

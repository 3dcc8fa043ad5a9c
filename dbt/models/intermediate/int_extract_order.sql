-- Which of two extracts of a source is the later: by vintage where both state one, else where one
-- replaced the other in the same place of the inbox in a later run. Other pairs have no order.
select
    earlier.extract_id as earlier_id,
    later.extract_id as later_id
from {{ ref('stg_ledger__extracts') }} as earlier
inner join {{ ref('stg_ledger__extracts') }} as later
    on
        later.source_id = earlier.source_id
        and (
            later.vintage_date > earlier.vintage_date
            or (
                (later.vintage_date is null or earlier.vintage_date is null)
                and later.relative_path = earlier.relative_path
                and later.run_number > earlier.run_number
            )
        )

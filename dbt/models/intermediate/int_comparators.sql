-- The values that others are compared with: England's, the regions' and those of peers, as this
-- release says them. Kept as a table: they are few, and the comparisons, read more than once, then
-- hold these at hand while they go through the many.
select
    {{ key_list() }},
    value as comparator_value,
    lower_95 as comparator_lower_95,
    upper_95 as comparator_upper_95,
    status as comparator_status
from {{ ref('indicator_values') }}
where
    breakdown_type = 'all'
    and (
        area_type in ('england', 'region')
        or area_code in (select peer_code from {{ ref('peer_sets') }})
    )

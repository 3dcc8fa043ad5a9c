-- On each day practices, sub-ICB locations and England hold the same patients: nobody is lost or
-- counted twice on the way up.
with levels as (
    select
        counted_on,
        area_type,
        sum(registered_patients) as registered_patients,
        sum(practices) as practices
    from {{ ref('int_registered_patients') }}
    group by counted_on, area_type
)

select counted_on
from levels
group by counted_on
having
    count(*) <> 3
    or count(distinct registered_patients) > 1
    or count(distinct practices) > 1

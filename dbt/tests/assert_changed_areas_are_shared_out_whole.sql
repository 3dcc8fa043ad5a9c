-- The shares of an area that is no more add up to the whole of it: of one that has ended in each tier, and of
-- a small area of 2011 among those of 2021.
select
    area_tier || ' from ' || predecessor_tier as what,
    area_code,
    sum(share) as shares
from {{ ref('int_area_changes') }}
group by area_tier, predecessor_tier, area_code
having abs(sum(share) - 1) > 1e-6
union all
select
    'small area' as what,
    lsoa11_code as area_code,
    sum(share_of_2011) as shares
from {{ ref('int_small_area_changes') }}
group by lsoa11_code
having abs(sum(share_of_2011) - 1) > 1e-9

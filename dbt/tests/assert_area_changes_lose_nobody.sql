-- The shares of an area that has ended add up to the whole of it in each tier.
select
    area_tier,
    predecessor_tier,
    area_code,
    sum(share) as shares
from {{ ref('int_area_changes') }}
group by area_tier, predecessor_tier, area_code
having abs(sum(share) - 1) > 1e-6

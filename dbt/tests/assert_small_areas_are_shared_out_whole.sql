-- Each small area of 2011 is shared out to those of 2021 whole.
select
    lsoa11_code,
    sum(share_of_2011) as shares
from {{ ref('int_small_area_changes') }}
group by lsoa11_code
having abs(sum(share_of_2011) - 1) > 1e-9

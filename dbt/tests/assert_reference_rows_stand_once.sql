-- Each key of the reference tables that others join to stands once.
select
    'int_populations' as model,
    area_code as one_key
from {{ ref('int_populations') }}
group by mid_year, area_code, sex, age_band, made_from
having count(*) > 1
union all
select
    'int_small_areas' as model,
    lsoa_code as one_key
from {{ ref('int_small_areas') }}
group by lsoa_year, lsoa_code
having count(*) > 1
union all
select
    'int_deprivation_areas' as model,
    area_code as one_key
from {{ ref('int_deprivation_areas') }}
group by edition, domain, area_tier, area_code, origin
having count(*) > 1
union all
select
    'int_practices' as model,
    practice_code as one_key
from {{ ref('int_practices') }}
group by practice_code
having count(*) > 1
union all
select
    'int_networks' as model,
    pcn_code as one_key
from {{ ref('int_networks') }}
group by pcn_code
having count(*) > 1
union all
select
    'int_registered_patients' as model,
    area_code as one_key
from {{ ref('int_registered_patients') }}
group by counted_on, area_type, area_code
having count(*) > 1

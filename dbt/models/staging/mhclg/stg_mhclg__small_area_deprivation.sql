select
    extract_id,
    cast(edition as integer) as edition,
    lsoa_code,
    domain,
    score,
    cast(rank as integer) as deprivation_rank,
    cast(decile as integer) as decile
from {{ source('mhclg', 'deprivation_small_areas') }}

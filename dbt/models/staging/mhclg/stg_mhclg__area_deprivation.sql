select
    extract_id,
    cast(edition as integer) as edition,
    area_level as area_tier,
    area_code,
    {{ plain_text('area_name') }} as area_name,
    domain,
    average_rank,
    cast(rank_of_average_rank as integer) as rank_of_average_rank,
    average_score,
    cast(rank_of_average_score as integer) as rank_of_average_score,
    share_most_deprived,
    cast(rank_of_share_most_deprived as integer) as rank_of_share_most_deprived,
    extent,
    local_concentration,
    scale
from {{ source('mhclg', 'deprivation_areas') }}

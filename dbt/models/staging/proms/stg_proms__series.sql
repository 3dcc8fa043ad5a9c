select
    extract_id,
    -- A year is named by its April: 2018 has the figures of 2018/19.
    start_year || '/' || right(cast(cast(start_year as integer) + 1 as varchar), 2) as period,
    trim(procedure) as procedure,
    trim(organisation_code) as organisation_code,
    {{ plain_text('organisation_name') }} as organisation_name,
    trim(measure) as measure,
    modelled_records,
    modelled_records_marker,
    adjusted_health_gain,
    adjusted_health_gain_marker as marker,
    outlier
from {{ source('proms', 'proms_series') }}

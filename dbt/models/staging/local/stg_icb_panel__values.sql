select
    extract_id,
    cast(year as integer) as start_year,
    icb_ods_code,
    trim(metric) as metric,
    value,
    value_marker as marker,
    lower(domain) as panel_domain
from {{ source('local', 'icb_panel') }}

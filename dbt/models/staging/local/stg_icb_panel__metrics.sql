select
    extract_id,
    trim(metric) as metric,
    theme,
    lower(domain) as panel_domain,
    nullif(trim(numerator_description), 'NA') as numerator_description,
    nullif(trim(denominator_description), 'NA') as denominator_description,
    raw_area_type,
    decision
from {{ source('local', 'icb_panel_metrics') }}

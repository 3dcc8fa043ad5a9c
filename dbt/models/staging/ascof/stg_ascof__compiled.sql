select
    extract_id,
    replace(trim(year), '-', '/') as period,
    nullif(trim(ons_code), '-') as area_code,
    {{ plain_text('geographical_description') }} as area_name,
    trim(geographical_level) as area_level,
    upper(trim(measure_group)) as measure_group,
    -- Where the compiler left these out, the rows are the whole-measure outcomes.
    coalesce(trim(disaggregation), 'Total') as disaggregation,
    lower(coalesce(trim(measure_type), 'Outcome')) as measure_type,
    measure_value,
    measure_value_marker as marker
from {{ source('ascof', 'ascof_compiled') }}

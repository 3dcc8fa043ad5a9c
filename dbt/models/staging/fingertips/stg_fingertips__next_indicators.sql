-- Its polarity is not to be used: it calls healthy life expectancy low is good.
select
    extract_id,
    indicator_code,
    {{ plain_text('indicator_name') }} as indicator_name,
    polarity,
    value_type,
    period_type,
    frequency,
    lower(is_summed_here) = 'true' as is_summed_here,
    unit,
    try_cast(unit_value as double) as unit_value,
    ci_method,
    {{ plain_text('definition') }} as definition,
    latest_period
from {{ source('fingertips', 'fingertips_next_indicators') }}

select
    extract_id,
    indicator_code,
    adjustment_name,
    {{ plain_text('description') }} as description,
    kind = 'Exclusion' as is_exclusion,
    nullif(category_number, 'n/a') as category_number,
    nullif({{ plain_text('category') }}, 'n/a') as category
from {{ source('qof', 'qof_adjustments') }}

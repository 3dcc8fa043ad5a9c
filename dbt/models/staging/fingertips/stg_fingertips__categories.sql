select
    extract_id,
    {{ plain_text('category_type') }} as category_type,
    {{ plain_text('category') }} as category,
    cast(sequence as integer) as sort_order
from {{ source('fingertips', 'fingertips_categories') }}

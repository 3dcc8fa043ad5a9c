select
    extract_id,
    child_level,
    child_code,
    child_name,
    parent_level,
    parent_code,
    parent_name,
    change_code
from {{ source('areas', 'area_links') }}

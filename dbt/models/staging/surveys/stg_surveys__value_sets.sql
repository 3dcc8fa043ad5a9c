select
    extract_id,
    value_set,
    instrument,
    dimension,
    cast(level as integer) as answer,
    value
from {{ source('surveys', 'eq5d_value_sets') }}

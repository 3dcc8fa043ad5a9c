select
    extract_id,
    sha256,
    source_id,
    layout_id,
    relative_path,
    period,
    cast(vintage as date) as vintage_date,
    cast(left(landed_at, 10) as date) as landed_on,
    run_number,
    rows_kept,
    synthetic as is_synthetic
from {{ source('ledger', 'extracts') }}

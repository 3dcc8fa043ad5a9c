select
    extract_id,
    year as period,
    procedure,
    revision_flag = '1' as is_revision,
    trim(organisation_code) as organisation_code,
    cast(records as bigint) as record_count
from {{ source('proms', 'proms_record_counts') }}

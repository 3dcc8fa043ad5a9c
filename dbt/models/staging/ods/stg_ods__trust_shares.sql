select
    extract_id,
    trust_code,
    icb_code,
    share
from {{ source('ods', 'trust_icb_shares') }}

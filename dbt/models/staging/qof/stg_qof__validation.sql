select
    extract_id,
    practice_code,
    rule_number,
    {{ plain_text('rule') }} as failed_rule
from {{ source('qof', 'qof_validation') }}

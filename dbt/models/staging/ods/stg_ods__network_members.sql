select
    extract_id,
    pcn_code,
    practice_code,
    {{ plain_text('practice_name') }} as practice_name,
    practice_commissioner_code as commissioner_ods_code,
    cast(strptime(start_date, '%Y%m%d') as date) as joined_on,
    cast(strptime(end_date, '%Y%m%d') as date) as left_on
from {{ source('ods', 'ods_networks') }}
where record = 'member'

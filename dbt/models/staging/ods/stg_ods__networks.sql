select
    extract_id,
    pcn_code,
    {{ plain_text('pcn_name') }} as pcn_name,
    commissioner_code as commissioner_ods_code,
    postcode,
    cast(strptime(open_date, '%Y%m%d') as date) as opened_on,
    cast(strptime(close_date, '%Y%m%d') as date) as closed_on
from {{ source('ods', 'ods_networks') }}
where record = 'network'

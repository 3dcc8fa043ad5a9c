select
    extract_id,
    practice_code,
    {{ plain_text('practice_name') }} as practice_name,
    case status_code
        when 'A' then 'active'
        when 'C' then 'closed'
        when 'D' then 'dormant'
        when 'P' then 'proposed'
    end as practice_status,
    prescribing_setting,
    icb_ods_code,
    commissioner_code as commissioner_ods_code,
    postcode,
    cast(strptime(open_date, '%Y%m%d') as date) as opened_on,
    cast(strptime(close_date, '%Y%m%d') as date) as closed_on,
    cast(strptime(joined_date, '%Y%m%d') as date) as joined_commissioner_on,
    cast(strptime(left_date, '%Y%m%d') as date) as left_commissioner_on
from {{ source('ods', 'ods_practices') }}

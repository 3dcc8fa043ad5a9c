select
    extract_id,
    cast(sheet_row as integer) as sheet_row,
    person_key,
    area_code,
    coalesce(nullif(trim(segment), ''), 'none') as segment,
    sex,
    cast(age as integer) as age,
    instrument,
    occasion,
    cast(sent_on as date) as sent_on,
    cast(nullif(answered_on, '') as date) as answered_on,
    nullif(answered_by, '') as answered_by,
    cast(item as integer) as item,
    answer,
    weight
from {{ source('surveys', 'survey_answers') }}

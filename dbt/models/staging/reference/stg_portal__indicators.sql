select
    extract_id,
    portal_code,
    compendium_code,
    {{ plain_text('title') }} as title,
    {{ plain_text('definition') }} as definition,
    keywords,
    uploaded,
    -- The outcomes framework's files name their indicator: NHSOF_2.3.i_I00708_D.
    nullif(regexp_extract(file_names, 'NHSOF_([^_;]+)_I[0-9]{5}_D', 1), '') as nhsof_code,
    nullif(regexp_extract(file_names, 'NHSOF_[^_;]+_(I[0-9]{5})_D', 1), '') as nhsof_number
from {{ source('reference', 'portal_indicators') }}

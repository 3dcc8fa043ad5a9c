select
    extract_id,
    cast(diagnosis_group as integer) as diagnosis_group,
    ccs_categories,
    {{ plain_text('summary') }} as summary,
    {{ plain_text('short_label') }} as short_label
from {{ source('shmi', 'shmi_groups') }}
-- The last row of the file seen is empty but for NA.
where diagnosis_group is not null

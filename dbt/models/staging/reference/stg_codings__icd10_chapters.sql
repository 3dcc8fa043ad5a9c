select
    extract_id,
    icd10_code,
    {{ plain_text('cause') }} as cause,
    cast(chapter_number as integer) as chapter_number,
    {{ plain_text('chapter') }} as chapter
from {{ source('reference', 'icd10_chapters') }}

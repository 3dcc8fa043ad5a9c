-- Each note that stands with a value, and the status it means; notes that only inform mean none.
-- Some say that the value is of more than this area: combined with a neighbour, or recast.
-- Publishers go on in their own words after a known beginning, so the longest beginning counts.
with printed as (
    select distinct value_note
    from {{ ref('stg_fingertips__values') }}
    where value_note is not null
),

notes as (
    select
        value_note,
        {{ plain_text('value_note') }} as plain_note
    from printed
)

select
    notes.value_note,
    arg_max(markers.status, length(markers.marker)) as status,
    arg_max(markers.status_reason, length(markers.marker)) as status_reason,
    coalesce(arg_max(markers.means, length(markers.marker)) = 'combined', false) as is_combined,
    coalesce(arg_max(markers.means, length(markers.marker)) = 'recast', false) as is_recast
from notes
left join {{ ref('publisher_notes') }} as markers
    on markers.source_id = 'fingertips' and starts_with(notes.plain_note, markers.marker)
group by notes.value_note

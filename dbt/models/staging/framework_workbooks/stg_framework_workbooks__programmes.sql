{{ workbook_rows('programmes', [
    'programme_id',
    'name',
    'kind',
    'owner_partner',
    'note'
]) }}

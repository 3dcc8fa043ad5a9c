{{ workbook_rows(source('framework_workbooks', 'framework_cells'), 'programmes', [
    'programme_id',
    'name',
    'kind',
    'owner_partner',
    'note'
]) }}

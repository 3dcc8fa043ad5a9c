{{ workbook_rows(source('framework_workbooks', 'framework_cells'), 'frameworks', [
    'framework',
    'edition',
    'name',
    'kind',
    'publisher',
    'area_codes',
    'valid_from',
    'valid_to',
    'is_stand_in',
    'certainty',
    'note',
    'as_of'
]) }}

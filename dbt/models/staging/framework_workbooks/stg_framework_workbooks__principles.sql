{{ workbook_rows(source('framework_workbooks', 'framework_cells'), 'selection_principles', [
    'code',
    'principle',
    'is_met',
    'why'
]) }}

{{ workbook_rows(source('framework_workbooks', 'framework_cells'), 'domains', [
    'domain_code',
    'domain_name',
    'kind',
    'sort_order'
]) }}

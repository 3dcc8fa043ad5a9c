{{ workbook_rows('domains', [
    'domain_code',
    'domain_name',
    'kind',
    'sort_order'
]) }}

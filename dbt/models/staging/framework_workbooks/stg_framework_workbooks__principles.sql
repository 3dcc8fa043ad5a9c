{{ workbook_rows('selection_principles', [
    'code',
    'principle',
    'is_met',
    'why'
]) }}

{{ workbook_rows(source('framework_workbooks', 'framework_cells'), 'goals', [
    'goal_id',
    'code',
    'indicator_id',
    'area_code',
    'sex',
    'age',
    'baseline_start',
    'baseline_end',
    'target_value',
    'target_by',
    'path',
    'owner',
    'source',
    'is_stand_in',
    'certainty',
    'note'
]) }}

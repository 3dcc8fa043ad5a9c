{{ workbook_rows(source('framework_workbooks', 'framework_cells'), 'local_measures', [
    'indicator_id',
    'title',
    'definition_version',
    'unit',
    'multiplier',
    'value_type',
    'polarity',
    'population_basis',
    'numerator',
    'denominator',
    'owner',
    'certainty',
    'note'
]) }}

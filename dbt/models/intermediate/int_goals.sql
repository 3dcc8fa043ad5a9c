-- Goals: those of the seed, or of the latest workbook of the edition.
with framework_rows as (
    {{ framework_rows('goals', 'stg_framework_workbooks__goals', [
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
)

select
    goal_id,
    framework,
    edition,
    code,
    indicator_id,
    area_code,
    sex,
    age,
    cast(baseline_start as date) as baseline_start,
    cast(baseline_end as date) as baseline_end,
    cast(target_value as double) as target_value,
    cast(target_by as date) as target_by,
    path,
    owner,
    source,
    cast(is_stand_in as boolean) as is_stand_in,
    certainty,
    note
from framework_rows

-- Each edition's selection principles (no code) and the answers for each of its codes.
with framework_rows as (
    {{ framework_rows('selection_principles', 'stg_framework_workbooks__principles', [
        'code',
        'principle',
        'is_met',
        'why'
    ]) }}
)

select
    framework,
    edition,
    code,
    principle,
    is_met,
    why
from framework_rows

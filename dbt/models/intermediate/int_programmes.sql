-- Programmes and projects that members of an edition belong to.
with framework_rows as (
    {{ framework_rows('programmes', 'stg_framework_workbooks__programmes', [
        'programme_id',
        'name',
        'kind',
        'owner_partner',
        'note'
    ]) }}
)

select
    framework,
    edition,
    programme_id,
    name,
    kind,
    owner_partner,
    note
from framework_rows

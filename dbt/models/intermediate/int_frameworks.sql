-- Editions of frameworks, national and local: the seed's, or those of the latest workbook of each.
with framework_rows as (
    {{ framework_rows('frameworks', 'stg_framework_workbooks__frameworks', [
        'name',
        'kind',
        'publisher',
        'area_codes',
        'valid_from',
        'valid_to',
        'is_stand_in',
        'certainty',
        'note'
    ]) }}
)

select
    framework,
    edition,
    name,
    kind,
    publisher,
    area_codes,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    cast(is_stand_in as boolean) as is_stand_in,
    certainty,
    note
from framework_rows

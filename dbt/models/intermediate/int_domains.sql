-- The parts of each edition: domains, segments or themes.
with framework_rows as (
    {{ framework_rows('domains', 'stg_framework_workbooks__domains', [
        'domain_code',
        'domain_name',
        'kind',
        'sort_order'
    ]) }}
)

select
    framework,
    edition,
    domain_code,
    domain_name,
    kind,
    cast(sort_order as integer) as sort_order
from framework_rows

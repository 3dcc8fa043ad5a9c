-- What each edition holds now, the retired among it.
with framework_rows as (
    {{ framework_rows('int_seeded_framework_indicators', 'stg_framework_workbooks__members', [
        'code',
        'indicator_id',
        'title',
        'domain_code',
        'role',
        'sort_order',
        'fingertips_id',
        'certainty',
        'evidence',
        'note',
        'outcome_type',
        'owner_partner',
        'programmes',
        'life_cycle',
        'valid_from',
        'valid_to',
        'life_cycle_reason',
        'successor_code',
        'is_stand_in'
    ]) }}
)

select
    framework,
    edition,
    code,
    indicator_id,
    title,
    domain_code,
    role,
    cast(sort_order as integer) as sort_order,
    fingertips_id,
    certainty,
    evidence,
    note,
    outcome_type,
    owner_partner,
    programmes,
    life_cycle,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    life_cycle_reason,
    successor_code,
    cast(is_stand_in as boolean) as is_stand_in
from framework_rows

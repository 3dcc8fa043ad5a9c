-- What every version of an edition held: the seed is version 0, each landed workbook another.
select
    0 as version,
    cast(null as date) as as_of,
    seeded.framework,
    seeded.edition,
    seeded.code,
    seeded.indicator_id,
    seeded.title,
    seeded.domain_code,
    seeded.role,
    seeded.sort_order,
    seeded.fingertips_id,
    seeded.certainty,
    seeded.evidence,
    seeded.note,
    seeded.outcome_type,
    seeded.owner_partner,
    seeded.programmes,
    seeded.life_cycle,
    seeded.valid_from,
    seeded.valid_to,
    seeded.life_cycle_reason,
    seeded.successor_code,
    seeded.is_stand_in
from {{ ref('int_seeded_framework_indicators') }} as seeded
union all
select
    workbooks.version,
    workbooks.as_of,
    workbooks.framework,
    workbooks.edition,
    landed.code,
    landed.indicator_id,
    landed.title,
    landed.domain_code,
    landed.role,
    landed.sort_order,
    landed.fingertips_id,
    landed.certainty,
    landed.evidence,
    landed.note,
    landed.outcome_type,
    landed.owner_partner,
    landed.programmes,
    landed.life_cycle,
    landed.valid_from,
    landed.valid_to,
    landed.life_cycle_reason,
    landed.successor_code,
    landed.is_stand_in
from {{ ref('stg_framework_workbooks__members') }} as landed
inner join {{ ref('int_framework_workbooks') }} as workbooks
    on landed.extract_id = workbooks.extract_id

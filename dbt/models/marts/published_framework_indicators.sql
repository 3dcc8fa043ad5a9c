{{ config(alias='framework_indicators') }}

select
    members.framework,
    members.edition,
    members.code,
    members.indicator_id,
    members.title,
    members.domain_code,
    domains.domain_name,
    members.role,
    cast(members.sort_order as integer) as sort_order,
    members.fingertips_id,
    members.certainty,
    members.evidence,
    members.note
from {{ ref('framework_indicators') }} as members
left join {{ ref('domains') }} as domains
    on
        members.framework = domains.framework
        and members.edition = domains.edition
        and members.domain_code = domains.domain_code

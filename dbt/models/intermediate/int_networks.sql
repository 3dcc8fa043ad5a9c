-- Primary care networks: one row each, open and closed, with how many practices belong to them now.
with members as (
    select
        members.pcn_code,
        count(distinct members.practice_code) as practices
    from {{ ref('stg_ods__network_members') }} as members
    inner join {{ ref('int_latest_extracts') }} using (extract_id)
    where members.left_on is null
    group by members.pcn_code
)

select
    networks.pcn_code,
    networks.pcn_name,
    case when networks.closed_on is null then 'active' else 'closed' end as network_status,
    networks.opened_on,
    networks.closed_on,
    networks.commissioner_ods_code,
    networks.postcode,
    coalesce(members.practices, 0) as practices
from {{ ref('stg_ods__networks') }} as networks
inner join {{ ref('int_latest_extracts') }} using (extract_id)
left join members
    on networks.pcn_code = members.pcn_code

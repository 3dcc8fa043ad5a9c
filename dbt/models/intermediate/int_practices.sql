-- GP practices and other prescribers by their codes: one row each, open and closed, with the areas and
-- the network of today. A practice in several networks is told under the one it joined last.
with practices as (
    select practices.*
    from {{ ref('stg_ods__practices') }} as practices
    inner join {{ ref('int_latest_extracts') }} using (extract_id)
),

members as (
    select
        members.practice_code,
        members.pcn_code,
        members.joined_on,
        row_number() over (
            partition by members.practice_code
            order by members.joined_on desc, members.pcn_code asc
        ) as nth
    from {{ ref('stg_ods__network_members') }} as members
    inner join {{ ref('int_latest_extracts') }} using (extract_id)
    where members.left_on is null
),

nhs_areas as (
    select
        ods_code,
        area_code,
        area_type
    from {{ ref('int_areas') }}
    where source_id = 'registry' and ods_code is not null and valid_to is null
)

select
    practices.practice_code,
    practices.practice_name,
    practices.practice_status,
    -- 4 is a GP practice; the others are clinics, hospices, prisons and the like.
    coalesce(practices.prescribing_setting = '4', false) as is_gp_practice,
    practices.opened_on,
    practices.closed_on,
    practices.postcode,
    members.pcn_code,
    members.joined_on as joined_pcn_on,
    practices.commissioner_ods_code,
    sub_icbs.area_code as sub_icb_code,
    practices.icb_ods_code,
    icbs.area_code as icb_code
from practices
left join members
    on practices.practice_code = members.practice_code and members.nth = 1
left join nhs_areas as sub_icbs
    on practices.commissioner_ods_code = sub_icbs.ods_code and sub_icbs.area_type = 'sub_icb'
left join nhs_areas as icbs
    on practices.icb_ods_code = icbs.ods_code and icbs.area_type = 'icb'

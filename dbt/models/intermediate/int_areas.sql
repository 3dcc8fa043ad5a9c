-- One row per area code: the registry first, then practices, networks and providers of hospital
-- care, which only landed files know. Where several files name one, the best ranked source wins, and
-- the latest extract of the latest period in it.
with registry as (
    select
        area_code,
        area_name,
        area_type,
        area_kind,
        cast(is_utla as boolean) as is_utla,
        cast(is_ltla as boolean) as is_ltla,
        parent_code,
        region_code,
        cast(valid_from as date) as valid_from,
        cast(valid_to as date) as valid_to,
        successor_codes,
        ods_code,
        'registry' as source_id
    from {{ ref('areas') }}
),

landed as (
    select
        practice_code as area_code,
        practice_name as area_name,
        'practice' as area_type,
        coalesce(pcn_code, sub_icb_code) as parent_code,
        1 as rank,
        extract_id
    from {{ ref('stg_qof__practice_geography') }}
    union all
    select distinct
        pcn_code,
        pcn_name,
        'pcn',
        -- Eleven networks in 2020/21 span two CCGs: the first by code is the parent, always.
        min(sub_icb_code) over (partition by pcn_code, extract_id),
        1,
        extract_id
    from {{ ref('stg_qof__practice_geography') }}
    where pcn_code is not null
    union all
    select
        area_code,
        area_name,
        case area_type_label when 'GPs' then 'practice' else 'pcn' end,
        min(parent_code) over (partition by area_code, extract_id),
        2,
        extract_id
    from {{ ref('stg_areas__hierarchy') }}
    where area_type_label in ('GPs', 'NHS Primary Care Networks')
    union all
    select distinct
        area_code,
        area_name,
        case when area_type_label like '%PCN%' then 'pcn' else 'practice' end,
        cast(null as varchar),
        3,
        extract_id
    from {{ ref('stg_fingertips__named_areas') }}
    where area_type_label in ('GPs', 'PCNs', 'PCNs (v. 28/07/22)')
    union all
    select distinct
        area_code,
        area_name,
        'practice',
        cast(null as varchar),
        4,
        extract_id
    from {{ ref('stg_fingertips__api_values') }}
    where regexp_full_match(area_code, '[A-Z][0-9]{5}') and area_code not like 'U%'
    union all
    select distinct
        organisation_code,
        organisation_name,
        'provider',
        cast(null as varchar),
        5,
        extract_id
    from {{ ref('stg_proms__measures') }}
    where organisation_type = 'Provider'
    union all
    select distinct
        organisation_code,
        organisation_name,
        'provider',
        cast(null as varchar),
        6,
        extract_id
    from {{ ref('stg_proms__series') }}
    where organisation_code <> 'England'
    union all
    -- Their names end in the code: KIMS HOSPITAL (NEWNHAM COURT) (ADP02).
    select distinct
        organisation_code,
        regexp_replace(organisation_name, ' \([A-Z0-9]+\)$', ''),
        'provider',
        cast(null as varchar),
        7,
        extract_id
    from {{ ref('stg_proms__key_facts') }}
    where organisation_type = 'Provider'
),

best as (
    select distinct on (landed.area_code) landed.*
    from landed
    inner join {{ ref('stg_ledger__extracts') }} as extracts using (extract_id)
    where landed.area_code is not null
    order by
        landed.area_code asc,
        landed.rank asc,
        extracts.period desc nulls last,
        {{ latest_first('extracts') }},
        landed.area_name asc,
        landed.parent_code asc
)

select * from registry
union all
select
    area_code,
    coalesce(area_name, area_code) as area_name,
    area_type,
    area_type as area_kind,
    false as is_utla,
    false as is_ltla,
    parent_code,
    cast(null as varchar) as region_code,
    cast(null as date) as valid_from,
    cast(null as date) as valid_to,
    cast(null as varchar) as successor_codes,
    area_code as ods_code,
    'landed' as source_id
from best
where area_code not in (select area_code from registry)

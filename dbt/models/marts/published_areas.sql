{{ config(alias='areas') }}

select
    area_code,
    area_name,
    area_type,
    area_kind,
    is_utla,
    is_ltla,
    parent_code,
    region_code,
    valid_from,
    valid_to,
    successor_codes,
    ods_code,
    source_id
from {{ ref('int_areas') }}

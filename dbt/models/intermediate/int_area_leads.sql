{{ config(materialized='view') }}

-- Where each area that has ended leads: one row per area, tier and area of today. Chains of codes are
-- followed to their end. A district whose unitary is an upper tier too leads to it under both tiers.
-- Where a border moved, area_redraws names all the areas of today that a part of the old one is in.
with recursive registry as (
    select
        *,
        case area_type when 'district' then 'ltla' else area_type end as own_tier
    from {{ ref('int_areas') }}
    where source_id = 'registry'
),

followed as (
    select
        area_code,
        unnest(string_split(successor_codes, '|')) as next_code,
        1 as step
    from registry
    where valid_to is not null and successor_codes is not null
    union all
    select
        followed.area_code,
        unnest(string_split(registry.successor_codes, '|')) as next_code,
        followed.step + 1 as step
    from followed
    inner join registry on followed.next_code = registry.area_code
    where registry.valid_to is not null and registry.successor_codes is not null and followed.step < 10
),

ends as (
    select
        followed.area_code,
        followed.next_code as current_code
    from followed
    inner join registry on followed.next_code = registry.area_code
    where registry.valid_to is null
    union
    select
        area_code,
        current_code
    from {{ ref('area_redraws') }}
),

-- Metropolitan districts, boroughs and unitaries stand under both tiers of local government.
tiers as (
    select
        area_code,
        own_tier as area_tier
    from registry
    where own_tier in ('utla', 'ltla', 'sub_icb', 'icb', 'nhs_region')
    union
    select
        area_code,
        'ltla' as area_tier
    from registry
    where is_ltla
),

led as (
    select
        tiers.area_tier as predecessor_tier,
        tiers.area_tier,
        ends.area_code,
        ends.current_code
    from ends
    inner join tiers on ends.area_code = tiers.area_code
    inner join tiers as today_tiers
        on ends.current_code = today_tiers.area_code and tiers.area_tier = today_tiers.area_tier
    union
    -- A district of today lies in a county that was there before it: it is no upper tier's successor.
    select
        'ltla' as predecessor_tier,
        'utla' as area_tier,
        ends.area_code,
        ends.current_code
    from ends
    inner join registry as old on ends.area_code = old.area_code
    inner join registry as today on ends.current_code = today.area_code
    where old.own_tier = 'ltla' and today.is_utla
)

select
    led.*,
    old.valid_from,
    old.valid_to
from led
inner join registry as old on led.area_code = old.area_code

{{ config(materialized='view') }}

-- The areas that each small area belongs to: one row per small area, tier and area. A unitary stands
-- under both tiers of local government; codes that have ended since stand beside today's.
{%- set tiers = {
    'ward': 'ward_code',
    'ltla': 'ltla_code',
    'utla': 'utla_code',
    'region': 'region_code',
    'sub_icb': 'sub_icb_code',
    'icb': 'icb_code',
    'nhs_region': 'nhs_region_code',
    'england': "'E92000001'",
} %}
{%- for tier, column in tiers.items() %}
    select
        lsoa_year,
        lsoa_code,
        '{{ tier }}' as area_tier,
        {{ column }} as area_code,
        true as is_current
    from {{ ref('int_small_areas') }}
    where {{ column }} is not null
    union all
{%- endfor %}
{%- for tier in ('ltla', 'utla') %}
    select
        lsoa_year,
        lsoa_code,
        '{{ tier }}' as area_tier,
        {{ tier }}_then_code as area_code,
        false as is_current
    from {{ ref('int_small_areas') }}
    where {{ tier }}_then_code <> {{ tier }}_code
    {{ 'union all' if not loop.last }}
{%- endfor %}

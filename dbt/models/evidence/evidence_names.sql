-- One row per area and name that an extract gives it: whether the name is that of another area of the same level,
-- and not its own. Publishers shorten and spell names in many ways; only a name that is exactly
-- another's says that codes or names were exchanged.
with named as (
    select
        extract_id,
        area_code,
        area_name
    from {{ ref('stg_fingertips__named_areas') }}
    union
    select
        extract_id,
        area_code,
        area_name
    from {{ ref('stg_ascof__measures') }}
    union
    select
        extract_id,
        area_code,
        area_name
    from {{ ref('stg_ascof__compiled') }}
),

registry as (
    select
        area_code,
        area_type,
        lower(area_name) as area_name,
        valid_to
    from {{ ref('areas') }}
)

select
    named.extract_id,
    named.area_code,
    lower(trim(named.area_name)) as area_name,
    max(cast(
        others.area_code is not null and registry.area_name <> lower(trim(named.area_name))
        as double
    )) as name_of_another,
    max(others.area_code) as other_code
from named
inner join registry on named.area_code = registry.area_code
left join registry as others
    on
        registry.area_type = others.area_type
        and registry.area_code <> others.area_code
        and lower(trim(named.area_name)) = others.area_name
        -- County Durham is still called by the name of the county that it followed.
        and others.valid_to is null
where named.area_name is not null
group by named.extract_id, named.area_code, lower(trim(named.area_name))

-- The area that a combined value leaves out, where the publisher gives it no row at all: it has none, and
-- the reason. Few rows: only those of the areas that are combined are read.
with few as (
    select
        observations.*,
        areas.is_carrier,
        areas.other_code,
        coalesce(observations.is_combined, false)
        or list_contains(areas.indicator_ids, observations.indicator_id) as is_of_two
    from {{ ref('int_landed_apart') }} as observations
    inner join {{ ref('int_combined_areas') }} as areas on observations.area_code = areas.area_code
    where observations.origin = 'published' and observations.indicator_id is not null
)

select
    carried.source_id,
    carried.extract_id,
    carried.source_code,
    carried.indicator_id,
    carried.other_code as area_code,
    carried.period_label,
    carried.sex,
    carried.age,
    carried.segment,
    carried.breakdown_type,
    carried.breakdown,
    carried.population_basis,
    cast(null as double) as value,
    {{ no_limits() }},
    cast(null as double) as numerator,
    cast(null as double) as denominator,
    carried.origin,
    'not_available' as status,
    'combined_with_another_area' as status_reason,
    true as is_combined
from few as carried
where
    carried.is_carrier
    and carried.is_of_two
    and not exists (
        select 1
        from few as own
        where
            own.area_code = carried.other_code
            and own.indicator_id = carried.indicator_id
            and own.period_label is not distinct from carried.period_label
            and own.sex = carried.sex
            and own.age = carried.age
            and own.segment = carried.segment
            and own.breakdown_type = carried.breakdown_type
            and own.breakdown = carried.breakdown
    )

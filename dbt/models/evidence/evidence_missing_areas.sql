-- One row per area that a group of values lacks: each level of the registry has its areas on any day.
-- A publisher that recasts its old figures uses the areas of a later day: that of the newest it names.
-- What isn't public, such as the records of local systems, serves some areas of a level: those that any
-- of the source's values is of, whatever its measure and period. Each partner asks its own questions: of
-- what people said, it is those of the measure.
with present as (
    select
        {{ group_number() }} as group_id,
        area_type,
        area_code,
        period_end,
        source_id,
        case when source_id = 'survey_returns' then indicator_id else 'all' end as measure
    from {{ ref('candidate_values') }}
    where area_type in ('england', 'region', 'utla', 'district', 'nhs_region', 'icb', 'sub_icb')
    group by indicator_id, area_type, period_type, period_start, period_end, source_id, area_code
),

registry as (
    select
        area_code,
        area_type,
        cast(valid_from as date) as valid_from,
        coalesce(cast(valid_to as date), date '9999-12-31') as valid_to
    from {{ ref('areas') }}
),

as_of as (
    select
        present.group_id,
        present.area_type,
        present.source_id,
        present.measure,
        greatest(present.period_end, max(registry.valid_from)) as day
    from present
    inner join registry on present.area_code = registry.area_code
    group by present.group_id, present.area_type, present.source_id, present.measure, present.period_end
),

local_sources as (
    select source_id
    from {{ ref('sources') }}
    where not cast(is_public as boolean)
),

served as (
    select distinct
        source_id,
        measure,
        area_code
    from present
),

expected as (
    select
        as_of.group_id,
        registry.area_code,
        count(*) over (partition by as_of.group_id) as expected_areas
    from as_of
    inner join registry
        on
            as_of.area_type = registry.area_type
            and as_of.day between registry.valid_from and registry.valid_to
    left join local_sources on as_of.source_id = local_sources.source_id
    left join served
        on
            as_of.source_id = served.source_id
            and as_of.measure = served.measure
            and registry.area_code = served.area_code
    where local_sources.source_id is null or served.area_code is not null
)

select
    expected.group_id,
    expected.area_code,
    expected.expected_areas
from expected
anti join present
    on
        expected.group_id = present.group_id
        and expected.area_code = present.area_code

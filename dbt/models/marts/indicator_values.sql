{{ config(materialized='view') }}

{% set figures = ['value', 'lower_95', 'upper_95', 'lower_998', 'upper_998', 'numerator', 'denominator'] %}

-- What this release says of every key: the verdict applied, the last good value kept where today's
-- is held (int_kept_back).
with judged as (
    -- Nearly all values pass: they meet no other join, which at millions of rows would cost more than
    -- all else.
    select
        candidates.* replace (
            {% for column in told_columns() if column != 'held_since' -%}
                cast(candidates.{{ column }} as {{ told_list(column) }}) as {{ column }}{{ ',' if not loop.last }}
            {% endfor -%}
        ),
        cast(null as {{ told_list('held_since') }}) as held_since,
        false as is_broken
    from {{ ref('candidate_values') }} as candidates
    anti join {{ ref('int_kept_back') }} as kept_back on candidates.row_id = kept_back.row_id
    union all by name
    select
        kept_back.* replace (
            {% for column in told_columns() -%}
                cast(kept_back.{{ column }} as {{ told_list(column) }}) as {{ column }}{{ ',' if not loop.last }}
            {% endfor -%}
        )
    from {{ ref('int_kept_back') }} as kept_back
),

this_release as (
    select
        any_value(release_id) as release_id,
        any_value(is_synthetic) as is_synthetic,
        (
            select coalesce(list(try_cast(source_id as {{ told_list('source_id') }})), [])
            from {{ source('run', 'stale_sources') }}
        ) as stale_sources,
        (
            select coalesce(list({{ as_words('indicator_id', 'indicator_id') }}), [])
            from {{ ref('int_indicators') }}
            where is_stand_in
        ) as stand_ins
    from {{ source('run', 'context') }}
),

marked as (
    select
        judged.*,
        this_release.is_synthetic,
        provisional.row_id is not null as is_provisional,
        list_contains(this_release.stale_sources, judged.source_id) as is_stale,
        list_contains(this_release.stand_ins, judged.indicator_id) as is_stand_in
    from judged
    cross join this_release
    left join {{ ref('int_provisional_rows') }} as provisional on judged.row_id = provisional.row_id
)

select
    indicator_id,
    definition_version,
    coalesce(area_type, cast('unknown' as {{ word_list('area_type') }})) as area_type,
    area_code,
    period_type,
    period_start,
    period_end,
    period_label,
    sex,
    age,
    segment,
    breakdown_type,
    breakdown,
    population_basis,
    {% for figure in figures -%}
        {{ figure }},
    {% endfor -%}
    unit,
    method,
    status,
    status_reason,
    held_since,
    -- Nearly all values have none: a list is made for those that have one.
    case
        when
            is_provisional or is_broken or is_recast_area or is_combined_area or is_stale or is_synthetic or is_stand_in
            then list_filter(
                [
                    case when is_provisional then 'provisional' end,
                    case when is_broken then 'break_in_series' end,
                    case when is_recast_area then 'recast_area' end,
                    case when is_combined_area then 'combined_area' end,
                    case when is_stale then 'stale' end,
                    case when is_synthetic then 'synthetic' end,
                    case when is_stand_in then 'stand_in' end
                ],
                lambda flag: flag is not null
            )
        else cast([] as varchar[])
    end as flags,
    origin,
    source_id
from marked

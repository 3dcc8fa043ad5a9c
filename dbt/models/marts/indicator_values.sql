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
        (select coalesce(list(source_id), []) from {{ source('run', 'stale_sources') }}) as stale_sources,
        (
            select coalesce(list(indicator_id), [])
            from {{ ref('int_indicators') }}
            where is_stand_in
        ) as stand_ins
    from {{ source('run', 'context') }}
)

select
    judged.indicator_id,
    judged.definition_version,
    coalesce(judged.area_type, cast('unknown' as {{ word_list('area_type') }})) as area_type,
    judged.area_code,
    judged.period_type,
    judged.period_start,
    judged.period_end,
    judged.period_label,
    judged.sex,
    judged.age,
    judged.segment,
    judged.breakdown_type,
    judged.breakdown,
    judged.population_basis,
    {% for figure in figures -%}
        judged.{{ figure }},
    {% endfor -%}
    judged.unit,
    judged.method,
    judged.status,
    judged.status_reason,
    judged.held_since,
    list_filter(
        [
            case when provisional.row_id is not null then 'provisional' end,
            case when judged.is_broken then 'break_in_series' end,
            case when judged.is_recast_area then 'recast_area' end,
            case when judged.is_combined_area then 'combined_area' end,
            case when list_contains(this_release.stale_sources, judged.source_id) then 'stale' end,
            case when this_release.is_synthetic then 'synthetic' end,
            case when list_contains(this_release.stand_ins, judged.indicator_id) then 'stand_in' end
        ],
        lambda flag: flag is not null
    ) as flags,
    judged.origin,
    judged.source_id
from judged
cross join this_release
left join {{ ref('int_provisional_rows') }} as provisional on judged.row_id = provisional.row_id

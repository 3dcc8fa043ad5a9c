{{ config(pre_hook="{{ write_word_lists(ref('int_observations_unioned')) }}") }}

-- Every value that has a place: an indicator, an area code and a period that are understood.
-- `row_id` stands for the key; rows of the same key from several extracts or sources still stand
-- side by side here. Text that repeats is kept as a number beside its list of words.
-- depends_on: {{ ref('status_reasons') }}, {{ ref('peer_sets') }}
-- Words that an indicator, a period or an area has are looked up once each, not once a value. The
-- lists hold what landed: an indicator or a period that no value has isn't in them.
with indicators as (
    select
        indicator_id,
        try_cast(indicator_id as {{ word_list('indicator_id') }}) as indicator_word,
        {% for column in ['definition_version', 'unit', 'value_type', 'method'] -%}
            cast({{ column }} as {{ word_list(column) }}) as {{ column }},
        {% endfor -%}
        year_type
    from {{ ref('int_indicators') }}
),

periods as (
    select
        * replace (cast(period_type as {{ word_list('period_type') }}) as period_type),
        try_cast(period_label as {{ word_list('period_label') }}) as period_word
    from {{ ref('int_periods') }}
),

areas as (
    select
        area_code,
        try_cast(area_code as {{ word_list('area_code') }}) as area_word,
        valid_from,
        valid_to,
        cast(area_type as {{ word_list('area_type') }}) as area_type
    from {{ ref('int_areas') }}
),

placed as (
    select
        observations.*,
        indicators.indicator_word,
        periods.period_word,
        coalesce(
            areas.area_word, cast(observations.area_code as {{ word_list('area_code') }})
        ) as area_word,
        areas.area_type,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        indicators.definition_version,
        indicators.unit,
        coalesce(
            cast(observations.computed_by as {{ word_list('method') }}), indicators.method
        ) as method_of_computing,
        indicators.value_type,
        -- The area began after the period did: of some or all of it the figures were recast. Its
        -- predecessors may have their own for the same period.
        coalesce(observations.is_recast or periods.period_start < areas.valid_from, false) as is_recast_area,
        coalesce(periods.period_start > areas.valid_to, false) as is_area_ended,
        combined_areas.is_carrier,
        coalesce(observations.is_combined, false) or (
            observations.origin = 'published'
            and coalesce(list_contains(combined_areas.indicator_ids, observations.indicator_id), false)
        ) as is_of_two,
        -- Of two areas with one value, the other has none: what is printed there is not of it alone.
        coalesce(
            not combined_areas.is_carrier
            and (
                observations.is_combined
                or (
                    observations.origin = 'published'
                    and observations.value is null
                    and list_contains(combined_areas.indicator_ids, observations.indicator_id)
                )
            ),
            false
        ) as is_told_elsewhere
    from {{ ref('int_observations_unioned') }} as observations
    inner join indicators using (indicator_id)
    inner join periods
        on
            observations.period_label = periods.period_label
            and periods.year_type = coalesce(indicators.year_type, 'financial')
    left join areas on observations.area_code = areas.area_code
    left join {{ ref('int_combined_areas') }} as combined_areas on observations.area_code = combined_areas.area_code
    where observations.area_code is not null
),

shaped as (
    select
        source_id,
        source_code,
        extract_id,
        {{ hash_of(key_columns()) }} as row_id,
        indicator_word as indicator_id,
        definition_version,
        area_type,
        area_word as area_code,
        period_type,
        period_start,
        period_end,
        period_word as period_label,
        sex,
        age,
        segment,
        breakdown_type,
        breakdown,
        population_basis,
        case when not is_told_elsewhere then value end as value,
        -- A hidden value stays hidden: what would give it away goes with it.
        {% for figure in ['lower_95', 'upper_95', 'lower_998', 'upper_998', 'numerator', 'denominator'] -%}
            case when status <> 'suppressed' and not is_told_elsewhere then {{ figure }} end as {{ figure }},
        {% endfor -%}
        unit,
        case
            when origin = 'computed' then method_of_computing
            else cast('as_published' as {{ word_list('method') }})
        end as method,
        value_type,
        case
            when is_told_elsewhere and status in ('published', 'not_available') then 'not_available'
            else status
        end as status,
        case
            when is_told_elsewhere and status in ('published', 'not_available') then 'combined_with_another_area'
            else status_reason
        end as status_reason,
        origin,
        is_recast_area,
        is_area_ended,
        coalesce(is_of_two and is_carrier and value is not null, false) as is_combined_area
    from placed
)

select
    shaped.* replace (
        {% for column in word_columns() -%}
            cast({{ column }} as {{ word_list(column) }}) as {{ column }}{{ ',' if not loop.last }}
        {% endfor -%}
    )
from shaped

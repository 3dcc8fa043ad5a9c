-- The counts of people behind each value of ours that comes of records which aren't public: one row
-- per key, before anything is hidden. Where source and indicator have a policy each, both hold. No
-- row where every source is public.
with recursive guarded as (
    select
        chosen.row_id,
        chosen.indicator_id,
        chosen.definition_version,
        chosen.area_code,
        chosen.area_type,
        chosen.period_type,
        chosen.period_start,
        chosen.period_end,
        chosen.sex,
        chosen.age,
        chosen.segment,
        chosen.breakdown_type,
        chosen.breakdown,
        chosen.origin,
        chosen.value,
        chosen.numerator,
        chosen.denominator,
        chosen.value_type,
        sources.disclosure_policy as source_policy,
        indicators.disclosure_policy as indicator_policy
    from {{ ref('int_chosen_values') }} as chosen
    inner join {{ ref('sources') }} as sources
        on chosen.source_id = sources.source_id and not cast(sources.is_public as boolean)
    inner join {{ ref('int_indicators') }} as indicators on chosen.indicator_id = indicators.indicator_id
    where chosen.origin = 'computed'
),

policies as (
    select
        disclosure_policy,
        coalesce(cast(primary_threshold as integer), 0) as threshold,
        cast(hides_zero as boolean) as hides_zero,
        coalesce(cast(rounding_base as integer), 0) as rounding_base,
        coalesce(figures_from, '') = 'rounded' as is_from_rounded,
        string_split(coalesce(exempt_area_types, ''), '|') as exempt_area_types,
        string_split(coalesce(applies_to, ''), '|') as applies_to
    from {{ ref('disclosure_policies') }}
),

ruled as (
    select
        guarded.*,
        greatest(of_source.threshold, of_indicator.threshold) as threshold,
        of_source.hides_zero or of_indicator.hides_zero as hides_zero,
        greatest(of_source.rounding_base, of_indicator.rounding_base) as rounding_base,
        of_source.is_from_rounded or of_indicator.is_from_rounded as is_from_rounded,
        list_concat(of_source.applies_to, of_indicator.applies_to) as applies_to,
        -- Spared where each policy that hides anything spares it.
        (of_source.threshold = 0 or list_contains(of_source.exempt_area_types, coalesce(area_type, '')))
        and (of_indicator.threshold = 0 or list_contains(of_indicator.exempt_area_types, coalesce(area_type, '')))
            as is_exempt
    from guarded
    inner join policies as of_source on guarded.source_policy = of_source.disclosure_policy
    inner join policies as of_indicator on guarded.indicator_policy = of_indicator.disclosure_policy
),

counted as (
    select
        * exclude (numerator, denominator),
        numerator as given_numerator,
        denominator as given_denominator,
        case when {{ numerator_counts_people('value_type') }} then numerator end as numerator,
        case when {{ denominator_counts_people('value_type') }} then denominator end as denominator,
        case
            when value_type = 'proportion' and numerator <= denominator then denominator - numerator
        end as complement,
        case when {{ denominator_is_public('value_type') }} then ['denominator'] else [] end as public_figures,
        case when is_exempt then 0 else rounding_base end as base
    from ruled
),

shown as (
    select
        *,
        {{ rounded_to('numerator', 'base') }} as rounded_numerator,
        case
            when list_contains(public_figures, 'denominator') then denominator
            else {{ rounded_to('denominator', 'base') }}
        end as rounded_denominator
    from counted
),

earlier as (
    select
        shown.row_id,
        bool_or(
            before.status = 'suppressed'
            and before.status_reason in ('suppressed_here', 'suppressed_size_unknown')
            and before.definition_version = shown.definition_version
        ) as was_hidden,
        bool_or(
            before.status <> 'suppressed'
            and coalesce(before.numerator, before.denominator) is not null
            and before.numerator is not distinct from coalesce(shown.rounded_numerator, shown.given_numerator)
            and before.denominator is not distinct from coalesce(shown.rounded_denominator, shown.given_denominator)
        ) as was_shown
    from shown
    inner join {{ source('run', 'released_before') }} as before
        on {{ same_key('before', 'shown') }}
    group by shown.row_id
),

-- What a publisher prints of the same key can be looked up there.
printed as (
    select distinct shown.row_id
    from shown
    inner join {{ ref('int_chosen_values') }} as printed
        on
            printed.origin = 'published' and printed.status = 'published'
            and printed.numerator is not null
            {% for column in key_columns() if column != 'origin' -%}
                and printed.{{ column }} = shown.{{ column }}
            {% endfor %}
),

steps as (
    select
        areas.area_code,
        areas.parent_code,
        [areas.parent_code] as ancestors
    from {{ ref('int_areas') }} as areas
    where areas.parent_code is not null and areas.area_code in (select area_code from guarded)
    union all
    select
        steps.area_code,
        above.parent_code,
        list_append(steps.ancestors, above.parent_code) as ancestors
    from steps
    inner join {{ ref('int_areas') }} as above on steps.parent_code = above.area_code
    where above.parent_code is not null and length(steps.ancestors) < 10
),

lineages as (
    select
        area_code,
        arg_max(ancestors, length(ancestors)) as ancestors
    from steps
    group by area_code
)

select
    shown.* exclude (
        source_policy, indicator_policy, applies_to, hides_zero, origin, value, value_type, rounding_base
    ),
    -- In linked records practices and networks add up to authorities too.
    case
        when linked.utla_code is null then lineages.ancestors
        else list_append(coalesce(lineages.ancestors, []), linked.utla_code)
    end as ancestors,
    case
        when shown.area_type in ('region', 'utla', 'district') then 'local'
        when shown.area_type in ('nhs_region', 'icb', 'sub_icb', 'pcn', 'practice') then 'nhs'
        else coalesce(shown.area_type, 'unknown')
    end as area_system,
    date_diff('day', date '1900-01-01', shown.period_start) as first_day,
    date_diff('day', date '1900-01-01', shown.period_end) as last_day,
    case when shown.hides_zero then 0 else 1 end as lowest,
    list_filter(
        [
            {% for figure in ['numerator', 'denominator', 'complement'] -%}
                case
                    when
                        not shown.is_exempt and list_contains(shown.applies_to, '{{ figure }}')
                        and not list_contains(shown.public_figures, '{{ figure }}')
                        and shown.{{ figure }} between (
                            case when shown.hides_zero then 0 else 1 end
                        ) and shown.threshold
                        then '{{ figure }}'
                end{{ ',' if not loop.last }}
            {% endfor %}
        ],
        lambda figure: figure is not null
    ) as small_figures,
    shown.value is not null and not shown.is_exempt
    and coalesce(shown.numerator, shown.denominator) is null as is_size_unknown,
    coalesce(earlier.was_hidden, false) as was_hidden,
    coalesce(earlier.was_shown, false) or printed.row_id is not null as is_known
from shown
left join earlier on shown.row_id = earlier.row_id
left join printed on shown.row_id = printed.row_id
left join lineages on shown.area_code = lineages.area_code
left join {{ ref('int_linked__area_parents') }} as linked on shown.area_code = linked.area_code

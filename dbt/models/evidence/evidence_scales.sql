{{ config(materialized='view') }}

-- What the registry says of an indicator and of how a publisher rounds it: by name, or as it rounds
-- the rest. What we work out ourselves isn't rounded. One row an indicator and source.
select
    indicators.indicator_id,
    sources.source_id,
    indicators.ci_method,
    indicators.year_type,
    indicators.pooled_years,
    indicators.periodicity,
    indicators.multiplier,
    cast(methods.fewest_events as integer) as fewest_events,
    cast(policies.rounding_base as double) as rounding_base,
    cast(policies.primary_threshold as double) as hidden_up_to,
    cast(coalesce(exact.value_step, usual.value_step, '0') as double) as value_step,
    cast(coalesce(exact.count_step, usual.count_step, '0') as double) as count_step,
    -- The range that a definition names, else that of the kind of value.
    coalesce(
        indicators.highest,
        case
            when indicators.value_type = 'proportion' and indicators.unit = '%' then 100.0
            when indicators.value_type = 'proportion' then indicators.multiplier
        end
    ) as highest,
    coalesce(
        indicators.lowest,
        case
            when indicators.value_type in ('proportion', 'crude_rate', 'dsr', 'isr', 'isr_ratio', 'count') then 0.0
        end
    ) as lowest
from {{ ref('int_indicators') }} as indicators
cross join {{ ref('sources') }} as sources
left join {{ ref('methods') }} as methods on indicators.value_type = methods.method
left join {{ ref('disclosure_policies') }} as policies
    on indicators.disclosure_policy = policies.disclosure_policy
left join {{ ref('rounding') }} as exact
    on
        sources.source_id = exact.source_id
        and indicators.indicator_id = exact.indicator_id
left join {{ ref('rounding') }} as usual
    on
        sources.source_id = usual.source_id
        and usual.indicator_id is null

-- The registry with its types, and what follows from the method. A polarity that nobody has confirmed
-- judges nothing.
select
    indicators.indicator_id,
    indicators.title,
    indicators.definition_version,
    indicators.status as life_cycle,
    indicators.unit,
    cast(indicators.multiplier as double) as multiplier,
    indicators.value_type,
    indicators.method,
    indicators.ci_method,
    cast(indicators.is_standardised as boolean) as is_standardised,
    indicators.standard_population,
    indicators.polarity,
    indicators.polarity_certainty,
    indicators.polarity_certainty in ('verified', 'recalled') as is_polarity_confirmed,
    indicators.year_type,
    cast(indicators.pooled_years as integer) as pooled_years,
    indicators.population_basis,
    indicators.numerator,
    indicators.denominator,
    indicators.periodicity,
    indicators.source_id,
    indicators.disclosure_policy,
    indicators.headline_sex,
    indicators.headline_age,
    cast(coalesce(indicators.decimals, methods.decimals) as integer) as decimals,
    indicators.owner,
    indicators.certainty,
    indicators.evidence,
    indicators.note
from {{ ref('indicators') }} as indicators
left join {{ ref('methods') }} as methods on indicators.method = methods.method

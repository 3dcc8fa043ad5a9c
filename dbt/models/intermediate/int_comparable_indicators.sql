-- What decides whether an indicator may be set beside another: one row per indicator, registry and
-- description together. Empty where nobody has said it.
with breaks as (
    select
        indicator_id,
        list(
            struct_pack(source_id := source_id, from_date := from_date, applies_to := applies_to, effect := effect)
            order by from_date, applies_to, source_id
        ) as breaks
    from {{ ref('int_series_breaks') }}
    group by indicator_id
)

select
    indicators.indicator_id,
    indicators.definition_version,
    indicators.life_cycle,
    -- Two ways of writing one unit.
    case indicators.unit when 'per 100' then '%' else indicators.unit end as unit,
    indicators.value_type,
    indicators.is_standardised,
    indicators.standard_population,
    indicators.polarity,
    indicators.pooled_years,
    case indicators.year_type when 'calendar' then 1 when 'financial' then 4 when 'academic' then 9 end
        as first_month,
    indicators.population_basis,
    -- Of both sexes apart: neither of them is meant where none is said.
    case when indicators.headline_sex not like '%|%' then indicators.headline_sex end as sex,
    -- All ages of those who use a service, or are asked, are the ages it is for: nobody says which.
    case
        when indicators.headline_age <> 'All ages' or indicators.population_basis in ('resident', 'registered')
            then indicators.headline_age
    end as age,
    measures.concept,
    measures.measured_as,
    measures.instrument,
    measures.population,
    cast(measures.follow_up_days as integer) as follow_up_days,
    measures.case_mix,
    measures.source_kind,
    measures.replaces,
    breaks.breaks
from {{ ref('int_indicators') }} as indicators
left join {{ ref('int_measures') }} as measures on indicators.indicator_id = measures.indicator_id
left join breaks on indicators.indicator_id = breaks.indicator_id

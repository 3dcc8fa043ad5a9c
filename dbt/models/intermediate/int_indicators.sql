-- The registry with its types, and what follows from the method. A polarity that nobody has confirmed
-- judges nothing. The measures that workbooks of frameworks define stand beside the seed's; a
-- name that two of them define means what the latest says. A definition of dbt/models/indicators stands
-- in place of a draft of the seed.
{# What the seed and the definitions both say. #}
{% set said = [
    'indicator_id', 'title', 'definition_version', 'status', 'unit', 'multiplier', 'value_type',
    'method', 'ci_method', 'is_standardised', 'standard_population', 'polarity',
    'polarity_certainty', 'year_type', 'pooled_years', 'population_basis', 'numerator',
    'denominator', 'periodicity', 'source_id', 'disclosure_policy', 'headline_sex', 'headline_age',
    'decimals', 'owner', 'certainty', 'evidence', 'note',
] -%}
with measures as (
    select measures.*
    from {{ ref('stg_framework_workbooks__measures') }} as measures
    inner join {{ ref('int_framework_workbooks') }} as workbooks
        on measures.extract_id = workbooks.extract_id
    where
        workbooks.is_current
        and measures.indicator_id not in (select indicator_id from {{ ref('indicators') }})
        and measures.indicator_id not in (select indicator_id from {{ ref('int_defined__indicators') }})
    qualify
        row_number() over (
            partition by measures.indicator_id
            order by workbooks.as_of desc, workbooks.edition desc
        ) = 1
),

indicators as (
    select
        {{ said | join(', ') }}
    from {{ ref('indicators') }}
    where indicator_id not in (select indicator_id from {{ ref('int_defined__indicators') }})
    union all
    select
        {{ said | join(', ') }}
    from {{ ref('int_defined__indicators') }}
    union all
    select
        measures.indicator_id,
        measures.title,
        measures.definition_version,
        'draft' as status,
        measures.unit,
        measures.multiplier,
        measures.value_type,
        'as_published' as method,
        'not_stated' as ci_method,
        'false' as is_standardised,
        null as standard_population,
        measures.polarity,
        'review' as polarity_certainty,
        null as year_type,
        '1' as pooled_years,
        measures.population_basis,
        measures.numerator,
        measures.denominator,
        null as periodicity,
        null as source_id,
        'none_public' as disclosure_policy,
        null as headline_sex,
        null as headline_age,
        '1' as decimals,
        measures.owner,
        measures.certainty,
        'A workbook of its framework' as evidence,
        measures.note
    from measures
)

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
    indicators.note,
    -- What only definitions say.
    defined.meaning,
    defined.why as why_it_matters,
    defined.sources,
    defined.checked_by,
    cast(defined.reviewed_on as date) as reviewed_on,
    cast(defined.review_by as date) as review_by,
    coalesce(cast(defined.is_stand_in as boolean), false) as is_stand_in,
    cast(defined.lowest as double) as lowest,
    cast(defined.highest as double) as highest
from indicators
left join {{ ref('methods') }} as methods on indicators.method = methods.method
left join {{ ref('int_defined__indicators') }} as defined on indicators.indicator_id = defined.indicator_id

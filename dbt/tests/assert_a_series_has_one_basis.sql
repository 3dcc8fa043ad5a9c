-- Numerator and denominator of a series count the same kind of people, and all its values do: an
-- indicator of one source and origin has one population basis. Returns the series that have several.
with named as (
    select distinct
        indicator_id,
        source_id,
        origin,
        population_basis
    from {{ ref('candidate_values') }}
)

select
    named.indicator_id,
    indicators.title,
    named.source_id,
    named.origin,
    count(named.population_basis) as bases
from named
inner join {{ ref('int_indicators') }} as indicators on named.indicator_id = indicators.indicator_id
group by named.indicator_id, indicators.title, named.source_id, named.origin
having count(named.population_basis) > 1

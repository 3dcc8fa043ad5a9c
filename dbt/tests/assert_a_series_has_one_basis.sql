-- Numerator and denominator of a series count the same kind of people, and all its values do: an
-- indicator of one source and origin has one population basis. Returns the series that have several.
select
    candidates.indicator_id,
    indicators.title,
    candidates.source_id,
    candidates.origin,
    count(distinct candidates.population_basis) as bases
from {{ ref('candidate_values') }} as candidates
inner join {{ ref('int_indicators') }} as indicators on candidates.indicator_id = indicators.indicator_id
group by candidates.indicator_id, indicators.title, candidates.source_id, candidates.origin
having count(distinct candidates.population_basis) > 1

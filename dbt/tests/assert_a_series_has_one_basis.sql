-- Numerator and denominator of a series count the same kind of people, and all its values do: an
-- indicator of one source and origin has one population basis. Returns the series that have several.
with several as (
    select
        indicator_id,
        source_id,
        origin,
        count(distinct population_basis) as bases
    from {{ ref('candidate_values') }}
    group by indicator_id, source_id, origin
    having count(distinct population_basis) > 1
)

select
    several.indicator_id,
    indicators.title,
    several.source_id,
    several.origin,
    several.bases
from several
inner join {{ ref('int_indicators') }} as indicators on several.indicator_id = indicators.indicator_id

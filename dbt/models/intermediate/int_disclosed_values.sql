-- What may be said of each value of ours that comes of records which aren't public: nothing of what
-- is hidden, rounded counts of the rest, and values and limits from those where the policy says so.
with open_values as (
    select
        counts.row_id,
        counts.is_from_rounded and counts.base > 0 as is_remade,
        coalesce(counts.rounded_numerator, counts.given_numerator) as numerator,
        coalesce(counts.rounded_denominator, counts.given_denominator) as denominator,
        indicators.multiplier,
        indicators.method
    from {{ ref('int_disclosure_counts') }} as counts
    inner join {{ ref('int_indicators') }} as indicators on counts.indicator_id = indicators.indicator_id
    where counts.row_id not in (select row_id from {{ ref('int_hidden_values') }})
),

to_remake as (
    select * from open_values
    where is_remade and method in ('crude_rate', 'proportion', 'ratio')
),

-- The linter's grammar has no lambda of DuckDB 2, which the limits of small counts are made with.
remade as (
    {{ method_registered('to_remake', ['row_id']) }}  -- noqa: PRS
)

select
    row_id,
    value,
    lower_95,
    upper_95,
    lower_998,
    upper_998,
    numerator,
    denominator,
    status,
    status_reason
from remade
union all
select
    chosen.row_id,
    chosen.value,
    chosen.lower_95,
    chosen.upper_95,
    chosen.lower_998,
    chosen.upper_998,
    open_values.numerator,
    open_values.denominator,
    chosen.status,
    chosen.status_reason
from {{ ref('int_chosen_values') }} as chosen
inner join open_values on chosen.row_id = open_values.row_id
where chosen.row_id not in (select row_id from to_remake)
union all
select
    row_id,
    cast(null as double) as value,
    {{ no_limits() }},
    cast(null as double) as numerator,
    cast(null as double) as denominator,
    'suppressed' as status,
    min(status_reason) as status_reason
from {{ ref('int_hidden_values') }}
group by row_id

{% set said = [
    'source_id', 'extract_id', 'source_code', 'indicator_id', 'area_code', 'period_label', 'sex', 'age',
    'segment', 'breakdown_type', 'breakdown', 'population_basis', 'origin', 'computed_by', 'row_id', 'area_tier', 'predecessor_tier',
] %}

-- Values of today's areas for the time before them: the counts of all areas that were there then, added
-- up, and the value and limits by the method. Refused, with the reason, where no sum would be right: a
-- part is missing, hidden or went elsewhere, or the value isn't one of counts alone.
with summed as (
    select
        parts.area_tier,
        parts.predecessor_tier,
        parts.current_code as area_code,
        parts.recast_row_id as row_id,
        parts.indicator_id,
        parts.sex,
        parts.age,
        parts.segment,
        parts.breakdown_type,
        parts.breakdown,
        parts.source_id,
        parts.source_rank,
        parts.source_code,
        parts.extract_id,
        parts.population_basis,
        parts.period_label,
        parts.origin as origin_of_parts,
        bool_or(parts.kind = 'split' and parts.share < 0.99) as is_split,
        bool_or(parts.kind = 'redraw' and parts.share < 0.99) as is_redrawn,
        bool_or(coalesce(parts.status = 'suppressed', false)) as is_hidden,
        bool_or(coalesce(parts.status <> 'published', true)) as is_missing,
        case when count(parts.numerator) = count(*) then {{ steady_sum('parts.numerator') }} end as numerator,
        case when count(parts.denominator) = count(*) then {{ steady_sum('parts.denominator') }} end as denominator,
        -- Some counts are weighted or rounded and don't make the value that stands with them.
        bool_or(
            coalesce(
                abs(parts.value - indicators.multiplier * parts.numerator / parts.denominator)
                > greatest(0.06, 0.001 * abs(parts.value)),
                false
            )
        ) as has_other_counts
    from {{ ref('int_recast_parts') }} as parts
    inner join {{ ref('int_indicators') }} as indicators using (indicator_id)
    group by all
),

methods as (
    select
        value_type,
        method,
        ci_method
    from {{ ref('methods') }}
    where needs = 'counts'
),

judged as (
    select
        summed.*,
        'computed' as origin,
        coalesce(methods.method, indicators.method) as computed_by,
        methods.method,
        indicators.multiplier,
        case
            when methods.method is null or coalesce(indicators.is_standardised, false) then 'not_a_rate_of_counts'
            when
                summed.population_basis = 'survey'
                or coalesce(indicators.ci_method, 'none') not in (methods.ci_method, 'none', 'not_stated')
                then 'limits_not_by_counts'
            when summed.is_split then 'area_was_split'
            when summed.is_redrawn then 'area_redrawn'
            when summed.is_hidden then 'suppressed_to_protect_another'
            when summed.is_missing then 'predecessor_missing'
            when summed.numerator is null then 'no_numerator'
            when summed.denominator is null then 'no_denominator'
            when summed.has_other_counts then 'counts_not_of_value'
        end as refusal
    from summed
    inner join {{ ref('int_indicators') }} as indicators using (indicator_id)
    left join methods on indicators.value_type = methods.value_type
),

-- A unitary follows districts and a county alike, and sources may differ in what they have: the first
-- that can be added up stands.
chosen as (
    select *
    from judged
    qualify
        row_number() over (
            partition by row_id
            order by
                refusal is null desc, refusal = 'suppressed_to_protect_another' desc, source_rank asc,
                area_tier = 'ltla' asc, predecessor_tier = area_tier desc, origin_of_parts desc, source_id asc
        ) = 1
),

can_be as (
    select * from chosen
    where refusal is null
),

-- The linter's grammar has no lambda of DuckDB 2, which the limits of small counts are made with.
measured as (
    {{ method_registered('can_be', said) }}  -- noqa: PRS
)

select
    *,
    true as is_recast
from measured
union all by name
select
    {{ listed(said) }}
    cast(null as double) as value,
    {{ no_limits() }},
    cast(null as double) as numerator,
    cast(null as double) as denominator,
    case refusal when 'suppressed_to_protect_another' then 'suppressed' else 'not_calculated' end as status,
    refusal as status_reason,
    true as is_recast
from chosen
where refusal is not null

{{ config(materialized='view') }}

-- What each series is, in one text: series of one signature may be compared, area with area where
-- `compared_with` is areas, and period with period. Two signatures are put to `comparability_of`.
-- One row per signature.
with series as (
    select
        indicator_id,
        definition_version,
        area_type,
        case when is_recast_area then 'recast' when is_area_ended then 'ended' else 'live' end as area_vintage,
        period_start,
        period_end,
        sex,
        age,
        segment,
        breakdown_type,
        breakdown,
        population_basis,
        value_type,
        method,
        origin,
        source_id,
        count(*) as value_count
    from {{ ref('candidate_values') }}
    group by all
),

breaks as (
    select *
    from {{ ref('int_series_breaks') }}
    where applies_to = 'period' and effect = 'not_comparable'
),

parted as (
    select
        series.* exclude (method, value_type),
        -- What is worked out has its method's kind of value, whatever the definition asks for.
        coalesce(methods.value_type, series.value_type) as value_type,
        date_diff('month', series.period_start, series.period_end + 1) as months,
        month(series.period_start) as first_month,
        coalesce(
            (
                select
                    string_agg(
                        case when series.period_start >= breaks.from_date then 'after ' else 'across ' end
                        || breaks.from_date, '; '
                        order by breaks.from_date
                    )
                from breaks
                where
                    breaks.indicator_id = series.indicator_id
                    and series.period_end >= breaks.from_date
                    and (breaks.source_id is null or breaks.source_id = series.source_id)
            ),
            'whole'
        ) as series_part
    from series
    left join {{ ref('methods') }} as methods on series.method = methods.method
)

select
    {{ signature_text() }} as signature,
    {{ listed(signature_columns()) }}
    case when value_type in ('isr', 'isr_ratio') then 'england' else 'areas' end as compared_with,
    min(period_start) as first_period_start,
    max(period_end) as last_period_end,
    cast(sum(value_count) as bigint) as value_count
from parted
group by {{ signature_columns() | join(', ') }}

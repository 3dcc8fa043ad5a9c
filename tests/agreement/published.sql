-- Each published row once, whatever number of files repeat it, and how finely it is printed.
{% macro decimals(figure) -%}
    -- The fewest digits that say the number; so small a one that it is written 1e-05 has them all.
    case
        when cast({{ figure }} as varchar) like '%e%' then 17
        when {{ figure }} is not null then length(rtrim(split_part(cast({{ figure }} as varchar), '.', 2), '0'))
    end
{%- endmacro %}

{# A row's own decimals, or those of most rows of its kind: a nought at the end isn't seen. #}
{% macro or_usual(decimals) -%}
    greatest({{ decimals }}, mode({{ decimals }}) over sisters) as {{ decimals }}
{%- endmacro %}

with printed as (
    select distinct
        'Fingertips CSV' as edition,
        indicator_code,
        area_code,
        sex,
        age,
        category_type,
        category,
        period_label,
        cast(left(period_label, 4) as integer) as start_year,
        value,
        lower_95,
        upper_95,
        lower_998,
        upper_998,
        numerator,
        denominator,
        recent_trend,
        compared_to_england
    from staging.stg_fingertips__values
    union all by name
    select distinct
        'FingertipsNext' as edition,
        indicator_code,
        area_code,
        sex,
        age,
        cast(start_year as varchar) as period_label,
        start_year,
        value,
        lower_95,
        upper_95,
        numerator,
        denominator,
        recent_trend
    from staging.stg_fingertips__next_values
),

registered as (
    select distinct
        sources.source_code as indicator_code,
        indicators.indicator_id,
        indicators.value_type,
        indicators.ci_method,
        indicators.multiplier,
        indicators.polarity,
        indicators.pooled_years
    from intermediate.int_indicator_sources as sources
    inner join intermediate.int_indicators as indicators using (indicator_id)
    where sources.source_id = 'fingertips'
),

measured as (
    select
        printed.*,
        registered.* exclude (indicator_code),
        left(area_code, 3) as level,
        {{ decimals('value') }} as value_decimals,
        greatest({{ decimals('lower_95') }}, {{ decimals('upper_95') }}) as decimals_95,
        greatest({{ decimals('lower_998') }}, {{ decimals('upper_998') }}) as decimals_998
    from printed
    left join registered using (indicator_code)
)

select
    row_number() over (order by edition, indicator_code, area_code, sex, age, category_type, category, period_label)
        as row_id,
    * replace (
        {{ or_usual('value_decimals') }},
        {{ or_usual('decimals_95') }},
        {{ or_usual('decimals_998') }}
    ),
    count(*) filter (numerator % 5 <> 0) over sisters = 0 and count(numerator) over sisters >= 3
        as are_counts_of_fives
from measured
window sisters as (partition by edition, indicator_code, start_year, level)

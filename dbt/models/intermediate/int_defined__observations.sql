{{ config(materialized='table') }}

-- The counts that dbt/models/indicators gives, by the method that each definition names: values, limits and
-- refusals in the common shape. A mean has a row for each measured value, a standardised rate one for each
-- band; the others have one row a key.
{% set said = [
    'source_id', 'extract_id', 'source_code', 'indicator_id', 'area_code', 'period_label', 'sex', 'age',
    'segment', 'breakdown_type', 'breakdown', 'population_basis', 'origin',
] %}
{% set given = said + ['multiplier'] %}
{% set results = [
    'value', 'lower_95', 'upper_95', 'lower_998', 'upper_998', 'numerator', 'denominator', 'status', 'status_reason',
] %}
{% set rows_of = '(select * from declared where method {})' %}
{% set of_one_group = ['indicator_id', 'period_label', 'sex', 'age'] %}
{% set shown = (said + results) | join(', ') %}
with latest_extracts as (
    select
        source_id,
        max(extract_id) as extract_id
    from {{ ref('stg_ledger__extracts') }}
    group by source_id
),

declared as (
    select
        indicators.source_id,
        latest_extracts.extract_id,
        counts.indicator_id as source_code,
        counts.indicator_id,
        counts.area_code,
        {{ period_label('counts.period_type', 'counts.period_start', 'counts.period_end') }} as period_label,
        counts.sex,
        counts.age,
        counts.segment,
        counts.breakdown_type,
        counts.breakdown,
        counts.band,
        indicators.population_basis,
        'computed' as origin,
        cast(counts.numerator as double) as numerator,
        cast(counts.denominator as double) as denominator,
        indicators.method,
        cast(indicators.multiplier as double) as multiplier,
        indicators.reference_area
    from {{ ref('int_indicator_counts') }} as counts
    inner join {{ ref('int_defined__indicators') }} as indicators on counts.indicator_id = indicators.indicator_id
    left join latest_extracts on indicators.source_id = latest_extracts.source_id
),

-- The bands that a definition counts, with their weights.
standards as (
    select
        indicators.indicator_id,
        standard.band,
        cast(standard.weight as double) as weight
    from {{ ref('int_defined__indicators') }} as indicators
    inner join {{ ref('standard_populations') }} as standard
        on indicators.standard_name = standard.standard and indicators.standard_bands = standard.bands
    where
        cast(standard.age_from as integer) >= cast(indicators.standard_age_from as integer)
        and (
            indicators.standard_age_to is null
            or cast(standard.age_to as integer) <= cast(indicators.standard_age_to as integer)
        )
),

-- An indirect standard is the reference area's own rates, of all its people of the same sex and age.
reference as (
    select
        indicator_id,
        period_label,
        sex,
        age,
        band,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from declared
    where area_code = reference_area and segment = 'all' and breakdown_type = 'all'
    group by indicator_id, period_label, sex, age, band
),

-- The linter's grammar has no lambda of DuckDB 2, which the limits of small counts are made with.
of_counts as (
    {{ method_registered(rows_of.format("in ('crude_rate', 'proportion', 'ratio')"), said) }}  -- noqa: PRS
),

of_bands as (
    select {{ shown }} from (
        {{ method_dsr(rows_of.format("= 'dsr'"), given, 'standards', match=['indicator_id'], multiplier='multiplier') }}
    )
    {% for name, method in [('isr', method_isr), ('isr_ratio', method_isr_ratio)] %}
        {% set rows = rows_of.format("= '" ~ name ~ "'") %}
        union all
        select {{ shown }} from (
            {{ method(rows, given, 'reference', match=of_one_group, multiplier='multiplier') }}  -- noqa: PRS
        )
    {% endfor %}
),

of_values as (
    {{ method_mean(rows_of.format("= 'mean'"), said, value='numerator') }}  -- noqa: PRS
)

select {{ shown }} from of_counts
union all
select {{ shown }} from of_bands
union all
select {{ shown }} from of_values

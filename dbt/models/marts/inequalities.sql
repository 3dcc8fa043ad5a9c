-- How unequal each indicator is within an area: by deprivation (slope index, relative index, gap of the
-- most and the least deprived), by sex, and between the groups of people of any other registered cut
-- (a cut by procedure is none of people). One row a measure.
-- Rests only on what this release publishes: where a value of the cut is held or hidden, no measure.
-- Which text is which quantile is what the registry says; a text that it lacks is not guessed.
{% set cut = [
    'indicator_id', 'area_code', 'period_type', 'period_start', 'period_end', 'sex', 'age', 'segment',
    'breakdown_type', 'origin', 'dimension',
] %}
{% set figures = ['value', 'lower_95', 'upper_95', 'lower_998', 'upper_998'] %}
with kinds as (
    select
        indicators.indicator_id,
        indicators.multiplier,
        case indicators.value_type
            when 'proportion' then 'logit'
            when 'crude_rate' then 'log'
            when 'dsr' then 'log'
            when 'life_expectancy' then 'identity'
            when 'mean' then 'identity'
            when 'score' then 'identity'
        end as scale,
        case
            when indicators.value_type = 'count' then 'count_depends_on_size'
            when indicators.value_type in (
                select methods.value_type from {{ ref('methods') }} as methods
                where methods.compared_with = 'england'
            ) then 'indirectly_standardised'
        end as refusal
    from {{ ref('int_indicators') }} as indicators
),

quantiles as (
    select
        breakdown_type,
        breakdown,
        cast(quantile as integer) as quantile,
        cast(quantiles as integer) as quantiles,
        basis
    from {{ ref('deprivation_quantiles') }}
),

schemes as (
    select
        breakdown_type,
        max(quantiles) as quantiles,
        max(basis) as basis
    from quantiles
    group by breakdown_type
),

-- An indicator of women only isn't one that lacks men.
both_sexes as (
    select
        indicator_id,
        origin
    from {{ ref('indicator_values') }}
    where breakdown_type = 'all' and sex in ('Male', 'Female')
    group by indicator_id, origin
    having count(distinct sex) = 2
),

parts as (
    select
        observed.indicator_id,
        observed.area_code,
        observed.period_type,
        observed.period_start,
        observed.period_end,
        observed.age,
        observed.segment,
        observed.breakdown_type,
        observed.origin,
        observed.area_type,
        observed.period_label,
        observed.denominator,
        quantiles.quantile,
        schemes.quantiles,
        schemes.basis,
        {% for figure in figures %}
            case when observed.status = 'published' then observed.{{ figure }} end as {{ figure }},
        {% endfor %}
        observed.status in ('held', 'suppressed', 'withdrawn') as is_set_aside,
        case
            when observed.breakdown_type = 'all' then 'sex'
            when observed.breakdown_type ilike '%depriv%' or schemes.breakdown_type is not null
                then 'deprivation'
            else groups_of_people.dimension
        end as dimension,
        case when observed.breakdown_type = 'all' then 'all' else observed.sex end as sex,
        case when observed.breakdown_type = 'all' then observed.sex else observed.breakdown end as part
    from {{ ref('indicator_values') }} as observed
    left join schemes on observed.breakdown_type = schemes.breakdown_type
    left join quantiles
        on observed.breakdown_type = quantiles.breakdown_type and observed.breakdown = quantiles.breakdown
    left join {{ ref('breakdown_dimensions') }} as groups_of_people
        on observed.breakdown_type = groups_of_people.breakdown_type
    left join both_sexes
        on observed.indicator_id = both_sexes.indicator_id and observed.origin = both_sexes.origin
    where
        schemes.breakdown_type is not null
        or observed.breakdown_type ilike '%depriv%'
        or groups_of_people.dimension is not null
        or (
            observed.breakdown_type = 'all'
            and observed.sex in ('Male', 'Female')
            and both_sexes.indicator_id is not null
        )
),

-- Where a part stands within its cut: by deprivation, women first, or by its value.
placed as (
    select
        *,
        case dimension
            when 'deprivation' then quantile
            when 'sex' then case part when 'Female' then 1 else 2 end
            else value
        end as place
    from parts
),

cuts as (
    select
        {{ listed(cut) }}
        min(area_type) as area_type,
        min(period_label) as period_label,
        max(quantiles) as quantiles,
        max(basis) as basis,
        bool_or(is_set_aside) as has_set_aside,
    {% for pick, name in [('arg_min', 'first'), ('arg_max', 'second')] %}
        -- Parts of the same value by name, so that it is always the same one.
        {{ pick }}(
            {
                'part': part, 'place': place, 'value': value, 'lower_95': lower_95, 'upper_95': upper_95,
                'lower_998': lower_998, 'upper_998': upper_998
            },
            { 'place': place, 'part': part }
        ) filter (where place is not null and value is not null) as {{ name }}{{ ',' if not loop.last }}
    {% endfor %}
    from placed
    group by {{ cut | join(', ') }}
),

ends as (
    select
        cuts.*,
        kinds.scale,
        kinds.multiplier,
        case
            when kinds.refusal is not null then kinds.refusal
            when cuts.has_set_aside then 'value_set_aside'
            when cuts.dimension = 'deprivation' and cuts.quantiles is null then 'quantiles_not_known'
        end as refusal,
        case cuts.dimension
            when 'deprivation' then cuts.first.place = 1 and cuts.second.place = cuts.quantiles
            when 'sex' then cuts.first.place = 1 and cuts.second.place = 2
            else cuts.first.part <> cuts.second.part
        end as has_both_ends
    from cuts
    inner join kinds on cuts.indicator_id = kinds.indicator_id
),

compared as (
    select
        {{ listed(cut) }}
        {% for side in ['first', 'second'] %}
            {% for figure in figures %}
                case when has_both_ends then {{ side }}.{{ figure }} end as {{ side }}_{{ figure }},
            {% endfor %}
        {% endfor %}
        dimension in ('deprivation', 'sex') as were_named_beforehand
    from ends
    where refusal is null
),

gaps as (
    {{ method_gap('compared', cut, with_limits='were_named_beforehand') }}
),

-- A share is fitted on its logit, a rate on its logarithm, where their limits are symmetrical: then
-- the index has a closed form.
sloped as (
    select
        {{ listed(cut, 'placed.') }}
        ends.quantiles,
        ends.scale,
        placed.quantile,
        placed.denominator as population,
        case ends.scale when 'logit' then ends.multiplier else 1 end as scaled_by,
    {% for figure in ['value', 'lower_95', 'upper_95'] %}
        placed.{{ figure }} / case ends.scale when 'logit' then ends.multiplier else 1 end
            as {{ figure }}{{ ',' if not loop.last }}
    {% endfor %}
    from placed
    inner join ends
        on
    {% for column in cut %}
            placed.{{ column }} = ends.{{ column }}{{ ' and' if not loop.last }}
    {% endfor %}
    where
        ends.refusal is null
        and ends.scale is not null
        and placed.dimension = 'deprivation'
        and placed.quantile is not null
        and placed.value is not null
),

slopes as (
    {% for quantiles in [5, 10] %}
        select * from (
            {{ method_slope_index(
                '(select * from sloped where quantiles = ' ~ quantiles ~ ')', cut, quantiles=quantiles, scale='scale',
                fit_on_scale='true', multiplier='scaled_by'
            ) }}
        )
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

measures as (
    select
        *,
        unnest(
            case dimension
                when 'deprivation' then ['sii', 'rii', 'absolute_gap', 'relative_gap']
                else ['absolute_gap', 'relative_gap']
            end
        ) as measure
    from ends
),

figured as (
    select
        measures.*,
        measures.measure in ('sii', 'rii') as is_slope,
        {% for figure in figures %}
            case when measures.measure in ('sii', 'rii') then slopes.{{ figure }} else gaps.{{ figure }} end
                as {{ figure }},
        {% endfor %}
        case
            when measures.refusal is not null then measures.refusal
            when measures.measure not in ('sii', 'rii') then gaps.status_reason
            when measures.scale is null then 'no_index_of_this_kind'
            when slopes.measure is null then 'quantile_missing'
            when slopes.status_reason = 'no_denominator' then 'quantile_population_missing'
            else slopes.status_reason
        end as status_reason
    from measures
    {% for step in ['gaps', 'slopes'] %}
        left join {{ step }}
            on
                measures.measure = {{ step }}.measure
                {% for column in cut %}
                    and measures.{{ column }} = {{ step }}.{{ column }}
                {% endfor %}
    {% endfor %}
)

select
    {{ listed(cut) }}
    measure,
    area_type,
    period_label,
    {% for figure in figures %}
        {{ figure }},
    {% endfor %}
    case when status_reason is null then first.part end as from_group,
    case when status_reason is null then second.part end as to_group,
    basis as quantile_basis,
    case
        when status_reason is not null then null
        when is_slope then 'weighted_line_' || scale
        when measure = 'absolute_gap' then 'difference'
        else 'ratio'
    end as method,
    {{ refusal_status('status_reason') }} as status,
    status_reason
from figured

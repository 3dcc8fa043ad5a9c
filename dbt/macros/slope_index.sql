{# The scale on which limits are symmetrical, and back from it. NULL where the logarithm is infinite. #}
{% macro to_scale(figure, scale) -%}
    case {{ scale }}
        when 'log' then case when {{ figure }} > 0 then ln({{ figure }}) end
        when 'logit' then case when {{ figure }} > 0 and {{ figure }} < 1 then ln({{ figure }} / (1 - {{ figure }})) end
        else {{ figure }}
    end
{%- endmacro %}

{% macro from_scale(figure, scale) -%}
    case {{ scale }}
        when 'log' then exp({{ figure }})
        when 'logit' then 1 / (1 + exp(-({{ figure }})))
        else {{ figure }}
    end
{%- endmacro %}

{# Slope index of inequality and relative index, after Low & Low (2004): two rows a series, with
   `measure` sii and rii.

   `relation` has one row a quantile: quantile (1 the most deprived … `quantiles`), population,
   value, lower_95, upper_95. Whole expressions may be given for:
   `quantiles`: how many there must be, at least five.
   `scale`: where the limits are symmetrical: identity (means, life expectancy), log (rates), logit
   (proportions).
   `fit_on_scale`: whether the line is fitted on that scale, and not on the values themselves.
   `multiplier`: what the slope is multiplied by; where it is negative the ratio is turned too.
   `standard_error`: on the scale; else it is taken from the limits.

   The slope is a fixed sum of the values, so its limits have a closed form whenever the line is
   fitted where the limits are symmetrical. The one case that has none is a line through values whose
   limits are symmetrical elsewhere: `draws` names the function that draws limits for it
   (dagster_project/methods/slope_draws.py); without it such a series is refused. #}
{% macro method_slope_index(
    relation, keys, quantiles=10, scale="'identity'", fit_on_scale='false', multiplier='1',
    standard_error=none, draws=none, quantile='quantile', population='population', value='value',
    lower='lower_95', upper='upper_95'
) %}
{%- set in_order = 'order by quantile' -%}
{%- set series = partition_of(keys) ~ ' ' ~ in_order -%}
with slope_rows as (
    select
        {{ listed(keys) }}
        try_cast({{ quantile }} as integer) as quantile,
        {{ quantiles }} as quantiles,
        {{ finite(population) }} as population,
        {{ finite(value) }} as value,
        {{ finite(lower) }} as lower_95,
        {{ finite(upper) }} as upper_95,
        {{ finite(standard_error or 'null') }} as standard_error,
        {{ scale }} as scale,
        ({{ fit_on_scale }}) and {{ scale }} <> 'identity' as is_fitted_on_scale,
        {{ finite(multiplier) }} as multiplier
    from {{ relation }}
),

slope_scaled as (
    select
        * replace (
            {% if standard_error is none -%}
            ({{ to_scale('upper_95', 'scale') }} - {{ to_scale('lower_95', 'scale') }}) / 2 / {{ z95() }}
            {%- else -%}
            standard_error
            {%- endif %} as standard_error
        ),
        {{ to_scale('value', 'scale') }} as scaled
    from slope_rows
),

-- The middle of a quantile, from that of the line: what lies before it less what lies after, since
-- a place reckoned from one end loses its digits where one quantile has nearly everybody.
slope_weights as (
    select
        *,
        case when is_fitted_on_scale then scaled else value end as y,
        population / sum(population) over whole as share,
        (coalesce(sum(population) over before, 0) - coalesce(sum(population) over after, 0))
        / (2 * sum(population) over whole) as place
    from slope_scaled
    window
        whole as ({{ series }} rows between unbounded preceding and unbounded following),
        before as ({{ series }} rows between unbounded preceding and 1 preceding),
        after as ({{ series }} rows between 1 following and unbounded following)
),

-- Values from the first one's, so that equal values have a slope of exactly nought.
slope_terms as (
    select
        *,
        y - first_value(y) over ({{ series }}) as rise
    from slope_weights
),

-- Sums in the order of the quantiles, so that they are the same whatever the threads.
slope_sums as (
    select
        {{ listed(keys) }}
        max(scale) as scale,
        case when bool_and(is_fitted_on_scale) then max(scale) else 'identity' end as fit_scale,
        max(multiplier) as multiplier,
        sum(share * y {{ in_order }}) as mean_y,
        sum(share * place * rise {{ in_order }}) as slope_y,
        sum(share * place * place {{ in_order }}) as spread,
        sum((share * standard_error) ** 2 {{ in_order }}) as var_mean,
        sum((share * place * standard_error) ** 2 {{ in_order }}) as var_slope,
        sum((share * standard_error) ** 2 * place {{ in_order }}) as covariance,
        {% if draws -%}
        list({'value': scaled, 'error': standard_error, 'population': population} {{ in_order }}) as points,
        {% endif -%}
        case
            when count(distinct quantile) < count(quantile) then 'quantile_repeated'
            when not coalesce(max(quantiles) >= 5, false) then 'too_few_quantiles'
            when
                count(*) <> max(quantiles) or count(quantile) <> count(*)
                or min(quantile) <> 1 or max(quantile) <> max(quantiles)
                then 'quantile_missing'
            when count(population) < count(*) or min(population) <= 0 then 'no_denominator'
            when count(value) < count(*) then 'missing_value'
            {%- if standard_error is none %}
            when count(lower_95) < count(*) or count(upper_95) < count(*) then 'no_limits'
            {%- else %}
            when count(standard_error) < count(*) then 'no_limits'
            {%- endif %}
            when count(scaled) < count(*) or count(standard_error) < count(*) then 'logarithm_infinite'
            when min(standard_error) < 0 then 'limits_reversed'
            {%- if not draws %}
            when max(scale) <> 'identity' and not bool_and(is_fitted_on_scale) then 'draws_needed'
            {%- endif %}
        end as status_reason
    from slope_terms
    group by {{ keys | join(', ') }}
),

-- A series that is refused goes round the arithmetic, which it could break.
slope_fits as (
    select
        *,
        slope_y / spread as slope,
        sqrt(var_slope) / spread as error,
        var_mean + covariance / spread + var_slope / spread / spread / 4 as var_least,
        var_mean - covariance / spread + var_slope / spread / spread / 4 as var_most,
        var_mean - var_slope / spread / spread / 4 as covariance_of_ends,
        {{ from_scale('mean_y + slope_y / spread / 2', 'fit_scale') }} as least_deprived,
        {{ from_scale('mean_y - slope_y / spread / 2', 'fit_scale') }} as most_deprived
    from slope_sums
    where status_reason is null
),

slope_ends as (
    select
        *,
        case when multiplier < 0 then most_deprived else least_deprived end as top,
        case when multiplier < 0 then least_deprived else most_deprived end as bottom,
        case when multiplier < 0 then var_most else var_least end as var_top,
        case when multiplier < 0 then var_least else var_most end as var_bottom
        {%- if draws %},
        case
            when scale <> fit_scale then {{ draws }}(
                list_transform(points, lambda _point: _point.value),
                list_transform(points, lambda _point: _point.error),
                list_transform(points, lambda _point: _point.population),
                scale,
                multiplier
            )
        end as drawn
        {%- endif %}
    from slope_fits
),

slope_measures as (
    select
        {{ listed(keys) }}
        'sii' as measure,
        most_deprived as intercept,
        multiplier * (least_deprived - most_deprived) as value,
        {%- for level, z in [('95', z95()), ('998', z998())] %}
        {%- for limit, choose in [('lower', 'least'), ('upper', 'greatest')] %}
        case
            when scale <> fit_scale then {{ 'drawn.sii_' ~ limit ~ '_' ~ level if draws else 'null' }}
            else {{ choose }}(
                multiplier * {{ slope_across('slope - ' ~ z ~ ' * error') }},
                multiplier * {{ slope_across('slope + ' ~ z ~ ' * error') }}
            )
        end as {{ limit }}_{{ level }},
        {%- endfor %}
        {%- endfor %}
        cast(null as varchar) as status_reason
    from slope_ends
    union all
    select
        {{ listed(keys) }}
        'rii',
        most_deprived,
        top / bottom,
        {%- for level, z in [('95', z95()), ('998', z998())] %}
        {%- for limit, choose, sign in [('lower', 'least', '-'), ('upper', 'greatest', '+')] %}
        case
            when scale <> fit_scale then {{ 'drawn.rii_' ~ limit ~ '_' ~ level if draws else 'null' }}
            when fit_scale = 'identity' then {{ fieller(sign, z) }}
            else {{ choose }}(
                {{ slope_ratio('slope - ' ~ z ~ ' * error') }},
                {{ slope_ratio('slope + ' ~ z ~ ' * error') }}
            )
        end,
        {%- endfor %}
        {%- endfor %}
        case
            when top <= 0 or bottom <= 0 then 'ratio_not_positive'
            when scale <> fit_scale
                then case when isinf({{ 'drawn.rii_upper_998' if draws else 'null' }}) then 'ratio_unbounded' end
            when fit_scale = 'identity' and bottom <= {{ z998() }} * sqrt(var_bottom) then 'ratio_unbounded'
        end
    from slope_ends
    union all
    select
        {{ listed(keys) }}
        unnest(['sii', 'rii']), null, null, null, null, null, null, status_reason
    from slope_sums
    where status_reason is not null
),

slope_results as (
    select
        * replace (
            case
                when status_reason is not null then status_reason
                {%- for figure in ['value', 'lower_95', 'upper_95', 'lower_998', 'upper_998'] %}
                when not coalesce(isfinite({{ figure }}), false) then 'impossible_figure'
                {%- endfor %}
            end as status_reason
        )
    from slope_measures
)

select
    {{ listed(keys) }}
    measure,
    {%- for figure in ['value', 'lower_95', 'upper_95', 'lower_998', 'upper_998', 'intercept'] %}
    case when status_reason is null then {{ figure }} end as {{ figure }},
    {%- endfor %}
    {{ refusal_status('status_reason') }} as status,
    status_reason
from slope_results
{% endmacro %}

{# From the most to the least deprived end of a line of this slope: the difference, and the ratio. #}
{% macro slope_across(slope) -%}
    (
        {{ from_scale('(mean_y + (' ~ slope ~ ') / 2)', 'fit_scale') }}
        - {{ from_scale('(mean_y - (' ~ slope ~ ') / 2)', 'fit_scale') }}
    )
{%- endmacro %}

{% macro slope_ratio(slope) -%}
    power(
        {{ from_scale('(mean_y + (' ~ slope ~ ') / 2)', 'fit_scale') }}
        / {{ from_scale('(mean_y - (' ~ slope ~ ') / 2)', 'fit_scale') }},
        case when multiplier < 0 then -1 else 1 end
    )
{%- endmacro %}

{# Limit of the ratio of two correlated normal figures (Fieller 1954): a root of a square equation,
   which encloses a range only where the lower figure is clear of nought. #}
{% macro fieller(sign, z) -%}
    (
        (top * bottom - {{ z }} * {{ z }} * covariance_of_ends)
        {{ sign }} {{ z }} * sqrt(greatest(
            var_top * bottom * bottom - 2 * covariance_of_ends * top * bottom + var_bottom * top * top
            - {{ z }} * {{ z }} * (var_top * var_bottom - covariance_of_ends * covariance_of_ends),
            0
        ))
    ) / (bottom * bottom - {{ z }} * {{ z }} * var_bottom)
{%- endmacro %}

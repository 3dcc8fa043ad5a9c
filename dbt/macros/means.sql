{# Student's t with `df` whole degrees of freedom: what leaves `tail` beyond it, as z does of the
   normal distribution. NULL below 1. To 200 the exact root, worked out once by the planner since it
   is made of constants only; from there the expansion in 1/df, which is right to 1e-12. #}
{% macro student_t(df, z, tail) -%}
    case
        when {{ df }} between 1 and 200
            then list_transform(range(1, 201), lambda _df: {{ exact_student_t('cast(_df as double)', z, tail) }})[
                cast(least({{ df }}, 200) as integer)
            ]
        when {{ df }} > 200 then {{ student_t_expansion(df, z) }}
    end
{%- endmacro %}

{# The root t of half the incomplete beta function I(df/2, 1/2) at df/(df + t²) = tail, by its
   continued fraction and Newton's steps on the logarithms, from z. #}
{% macro exact_student_t(df, z, tail) -%}
{%- set a = '(' ~ df ~ ' / 2)' -%}
{%- set share = '(' ~ df ~ ' / (' ~ df ~ ' + _t * _t))' -%}
    list_reduce(
        range(8),
        lambda _t, _step: list_transform(
            [list_reduce(
                range(80, 0, -1),
                lambda _fraction, _term: 1 + {{ share }} * case
                    when _term % 2 = 1 then -({{ a }} + (_term - 1) / 2) * ({{ a }} + _term / 2)
                    else _term / 2 * (1 - _term) / 2
                end / (({{ a }} + _term - 1) * ({{ a }} + _term)) / _fraction,
                cast(1 as double)
            )],
            lambda _fraction: _t * exp((
                {{ a }} * ln({{ share }}) + ln(1 - {{ share }}) / 2
                - ln({{ a }}) - lgamma({{ a }}) - lgamma(0.5) + lgamma({{ a }} + 0.5)
                - ln(_fraction) - ln(2 * {{ tail }})
            ) / ({{ df }} * _fraction))
        )[1],
        {{ z }}
    )
{%- endmacro %}

{# Abramowitz & Stegun 26.7.5, and one term more (Fisher & Cornish). #}
{% macro student_t_expansion(df, z) -%}
    (
        {{ z }}
        + (power({{ z }}, 3) + {{ z }}) / (4 * {{ df }})
        + (5 * power({{ z }}, 5) + 16 * power({{ z }}, 3) + 3 * {{ z }}) / (96 * power({{ df }}, 2))
        + (3 * power({{ z }}, 7) + 19 * power({{ z }}, 5) + 17 * power({{ z }}, 3) - 15 * {{ z }})
        / (384 * power({{ df }}, 3))
        + (
            79 * power({{ z }}, 9) + 776 * power({{ z }}, 7) + 1482 * power({{ z }}, 5)
            - 1920 * power({{ z }}, 3) - 945 * {{ z }}
        ) / (92160 * power({{ df }}, 4))
        + (
            27 * power({{ z }}, 11) + 339 * power({{ z }}, 9) + 930 * power({{ z }}, 7)
            - 1782 * power({{ z }}, 5) - 765 * power({{ z }}, 3) + 17955 * {{ z }}
        ) / (368640 * power({{ df }}, 5))
    )
{%- endmacro %}

{# Mean of the values of each key, one row a value, with Student's limits. One missing value makes
   the mean missing. Values are summed in their own order, so that the sum is always the same. #}
{% macro method_mean(relation, keys, value='value') -%}
with mean_values as (
    select
        {{ listed(keys) }}
        cast({{ value }} as double) as observed
    from {{ relation }}
),

mean_sums as (
    select
        {{ listed(keys) }}
        count(*) as rows_given,
        count(observed) as values_given,
        bool_and(abs(observed) <= 1e100) as all_possible,
        sum(observed order by observed) as total,
        list(observed order by observed) as observations
    from mean_values
    group by {{ keys | join(', ') }}
),

mean_spread as (
    select
        *,
        list_sum(
            list_transform(observations, lambda _one: power(_one - total / rows_given, 2))
        ) as squares
    from mean_sums
),

mean_error as (
    select
        *,
        sqrt(squares / (rows_given - 1)) / sqrt(rows_given) as standard_error
    from mean_spread
),

mean_figures as (
    select
        {{ listed(keys) }}
        case when values_given = rows_given then total end as numerator,
        cast(rows_given as double) as denominator,
        total / rows_given as value,
        {% for level, z, tail in [('95', z95(), tail95()), ('998', z998(), tail998())] %}
        total / rows_given - {{ student_t('(rows_given - 1)', z, tail) }} * standard_error as lower_{{ level }},
        total / rows_given + {{ student_t('(rows_given - 1)', z, tail) }} * standard_error as upper_{{ level }},
        {% endfor %}
        case
            when values_given < rows_given then 'missing_value'
            when not all_possible then 'impossible_figure'
            when rows_given = 1 then 'limits_need_two_values'
        end as refusal
    from mean_error
)

{{ method_result('mean_figures', keys) }}
{%- endmacro %}

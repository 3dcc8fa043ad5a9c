{# Limits of a count of events, of any size and whole or not: exact Poisson limits below 10, Byar's
   approximation from 10, as the field does. x is a column or another short expression: it is
   written many times. NULL where x is NULL or below 0. #}
{% macro count_lower(x, z, tail) -%}
    case
        when {{ x }} >= 10 then {{ byar_lower(x, z) }}
        -- Of constants only, so the planner works the ten limits out once.
        when {{ x }} >= 0 and {{ x }} = floor({{ x }})
            then list_transform(range(10), lambda _count: {{ exact_lower('cast(_count as double)', z, tail) }})[
                cast(least({{ x }}, 9) as integer) + 1
            ]
        when {{ x }} >= 0 then {{ exact_lower(x, z, tail) }}
    end
{%- endmacro %}

{% macro count_upper(x, z, tail) -%}
    case
        when {{ x }} >= 10 then {{ byar_upper(x, z) }}
        when {{ x }} >= 0 and {{ x }} = floor({{ x }})
            then list_transform(range(10), lambda _count: {{ exact_upper('cast(_count as double)', z, tail) }})[
                cast(least({{ x }}, 9) as integer) + 1
            ]
        when {{ x }} >= 0 then {{ exact_upper(x, z, tail) }}
    end
{%- endmacro %}

{# Byar's approximation; a wrong lower limit below 10, so use count_lower. #}
{% macro byar_lower(x, z) -%}
    ({{ x }} * power(1 - 1 / (9 * {{ x }}) - {{ z }} / (3 * sqrt({{ x }})), 3))
{%- endmacro %}

{% macro byar_upper(x, z) -%}
    (({{ x }} + 1) * power(1 - 1 / (9 * ({{ x }} + 1)) + {{ z }} / (3 * sqrt({{ x }} + 1)), 3))
{%- endmacro %}

{# The mean μ of which a count of x or more has the chance `tail`: the root of P(x, μ) = tail, where
   P is the regularised lower incomplete gamma function, by its power series and Newton's steps on
   the logarithms, from below the root or beside it. #}
{% macro exact_lower(x, z, tail) -%}
{%- set first_term = 'exp((ln(' ~ tail ~ ') + lgamma(' ~ x ~ ' + 1)) / ' ~ x ~ ')' -%}
    case
        when {{ x }} = 0 then cast(0 as double)
        -- The mean is so small that the series is its first term; in the end it is 0.
        when {{ x }} > 0 and {{ x }} < 0.05 then {{ first_term }}
        when {{ x }} > 0 then list_reduce(
            range(6),
            lambda _mean, _step: list_transform(
                [list_reduce(
                    range(cast(30 + 6 * sqrt({{ x }}) as bigint), 0, -1),
                    lambda _series, _term: 1 + _series * _mean / ({{ x }} + _term),
                    cast(1 as double)
                )],
                lambda _series: _mean * exp(
                    (ln({{ tail }}) - {{ log_gamma_term(x, '_mean') }} - ln(_series)) * _series / {{ x }}
                )
            )[1],
            case
                when {{ x }} < 10 then {{ first_term }}
                else {{ byar_lower(x, z) }}
            end
        )
    end
{%- endmacro %}

{# The mean μ of which a count of x or fewer has the chance `tail`: the root of Q(x + 1, μ) = tail,
   where Q = 1 - P, by its continued fraction and Newton's steps, from Byar's limit. #}
{% macro exact_upper(x, z, tail) -%}
{%- set b = '(' ~ x ~ ' + 1)' -%}
{%- set terms = 'cast(30 + 6 * sqrt(' ~ x ~ ') as bigint)' -%}
    case
        when {{ x }} >= 0 then list_reduce(
            range(6),
            lambda _mean, _step: list_transform(
                [list_reduce(
                    range({{ terms }}, 0, -1),
                    lambda _fraction, _term:
                        _mean + 2 * _term - 1 - {{ b }} - _term * (_term - {{ b }}) / _fraction,
                    _mean + 2 * {{ terms }} + 1 - {{ b }}
                )],
                lambda _fraction: _mean + (
                    {{ log_gamma_term(b, '_mean') }} + ln({{ b }}) - ln(_fraction) - ln({{ tail }})
                ) * _mean / _fraction
            )[1],
            {{ byar_upper(x, z) }}
        )
    end
{%- endmacro %}

{# ln(μ^b e^-μ / Γ(b + 1)). From 30 on by Stirling's series, since large terms would cancel. #}
{% macro log_gamma_term(b, mean) -%}
    case
        when {{ b }} < 30 then {{ b }} * ln({{ mean }}) - {{ mean }} - lgamma({{ b }} + 1)
        else
            {{ b }} * (ln({{ mean }} / {{ b }}) + 1 - {{ mean }} / {{ b }}) - ln(2 * pi() * {{ b }}) / 2
            - 1 / (12 * {{ b }}) + 1 / (360 * power({{ b }}, 3)) - 1 / (1260 * power({{ b }}, 5))
    end
{%- endmacro %}

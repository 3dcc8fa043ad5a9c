{# Age bands: a method over bands refuses a row that lacks one, or that has one too many or twice,
   since it would be standardised to another population without saying so. #}

{# The rows of the seed of standard populations for one standard and its cut into bands, over all ages
   or those from `from_age` to `to_age`. `population` is the seed. #}
{% macro standard_population(population, standard, bands, from_age=none, to_age=none) -%}
(
    select
        band,
        cast(weight as double) as weight
    from {{ population }}
    where
        standard = '{{ standard }}'
        and cast(bands as integer) = {{ bands }}
        {% if from_age is not none %}and cast(age_from as integer) >= {{ from_age }}{% endif %}
        {% if to_age is not none %}and cast(coalesce(age_to, '999') as integer) <= {{ to_age }}{% endif %}
)
{%- endmacro %}

{# Two columns of a standard: one bit for a band, and how many bands there are. For up to 126. #}
{% macro bits_of_band(band, match) -%}
    {%- set by = 'partition by ' ~ match | join(', ') if match else '' -%}
    cast(1 as hugeint) << cast(dense_rank() over ({{ by }} order by {{ band }}) - 1 as integer) as band_bit,
    count(*) over ({{ by }}) as bands
{%- endmacro %}

{# The sum over a standard, the same in any order of its rows. #}
{% macro exact_total(figure, match) -%}
    {%- set by = 'partition by ' ~ match | join(', ') if match else '' -%}
    (cast(sum(try_cast(cast({{ figure }} as double) * {{ 2 ** 40 }} as hugeint)) over ({{ by }}) as double) / {{ 2 ** 40 }})
{%- endmacro %}

{% macro same_band(left, right, match, band='band') -%}
    {{ left }}.{{ band }} = {{ right }}.band
    {%- for column in match %} and {{ left }}.{{ column }} = {{ right }}.{{ column }}{% endfor %}
{%- endmacro %}

{# What is wrong with a row of `events` and `population` once it is joined to its standard: 2 a
   figure is impossible, 1 there is no population, 0 nothing. #}
{% macro band_fault(population_needed) -%}
    case
        when
            not {{ is_countable('events') }}
            or not coalesce({{ is_population('population') }}, true) then 2
        when population {{ population_needed }} then 0
        else 1
    end
{%- endmacro %}

{# Nothing is counted more often in a band than there are people on Earth, 8 billion, and no
   population is less than a thousandth of a person. False for what isn't a number, NULL for NULL. The
   bounds keep the sums over bands within what can be added up exactly. #}
{% macro is_countable(figure) -%}
    {{ figure }} between 0 and 8e9
{%- endmacro %}

{% macro is_population(figure) -%}
    ({{ figure }} = 0 or {{ figure }} between 1e-3 and 8e9)
{%- endmacro %}

{# Why the bands of a key can't be summed, from the `fault` of each; NULL where they can. #}
{% macro band_refusal() -%}
{%- set bands_seen = 'coalesce(bit_count(bit_or(band_bit)), 0)' -%}
    case
        -- A band that the standard lacks has no bit, and one that comes twice has the same bit.
        when {{ bands_seen }} < count(*) then 'odd_band'
        when {{ bands_seen }} < max(bands) then 'missing_band'
        when max(fault) = 2 then 'impossible_figure'
        when max(fault) = 1 then 'missing_band'
    end
{%- endmacro %}

{# Published limits of one level beside ours. A standardised rate can't be had from a count and a
   denominator, but its limits can, from what is printed beside them. #}
with asked as (
    select
        row_id,
        edition,
        indicator_code,
        indicator_id,
        value_type,
        ci_method,
        multiplier,
        numerator,
        denominator,
        value,
        lower_{{ level }} as lower,
        upper_{{ level }} as upper,
        decimals_{{ level }} as decimals,
        least(value_decimals, decimals_{{ level }}) as fewest_decimals,
        case
            when value_type = 'proportion' and ci_method = 'wilson' then 'Wilson'
            when value_type = 'crude_rate' and ci_method = 'byar' then 'Byar'
            when value_type in ('isr', 'isr_ratio') and ci_method = 'byar' then 'Byar, of count and value'
            when value_type = 'dsr' and ci_method = 'dobson_byar' then 'Dobson, of count, value and lower limit'
            else coalesce(ci_method, 'not registered')
        end as method,
        case
            when lower is null or upper is null then 'no limits printed'
            when ci_method is null then 'not registered'
            when ci_method = 'other' then 'the publisher calls its method “other”'
            when ci_method = 'not_stated' then 'the publisher states no method'
            when ci_method not in ('wilson', 'byar', 'dobson_byar') then 'a method we have no macro for: ' || ci_method
            when value is null or numerator is null then 'no count printed'
            when denominator is null and value_type in ('proportion', 'crude_rate') then 'no denominator printed'
            when numerator = 0 and value_type not in ('proportion', 'crude_rate')
                then 'a count of nought has no expected count'
        end as reason
    from published
    -- Few rows have 99.8% limits; those without are said once, with the 95% ones.
    where '{{ level }}' = '95' or lower_998 is not null
),

by_wilson as (
    {{ method_proportion("(select * from asked where method = 'Wilson')", ['row_id'], multiplier='multiplier') }}
),

by_byar as (
    {{ method_crude_rate("(select * from asked where method = 'Byar')", ['row_id'], multiplier='multiplier') }}
),

by_byar_of_expected as (
    {{ method_ratio("(select * from asked where method like 'Byar, of%' and value > 0)", ['row_id'], denominator='(numerator / value)') }}
),

dobson_terms as (
    select
        row_id,
        value as rate,
        numerator as events,
        lower,
        (value - lower) * sqrt(numerator) / (numerator - {{ byar_lower('numerator', z) }}) as standard_error
    from asked
    where method like 'Dobson%' and numerator > 0
),

ours as (
    select row_id, lower_{{ level }} as our_lower, upper_{{ level }} as our_upper from by_wilson
    union all
    select row_id, lower_{{ level }}, upper_{{ level }} from by_byar
    union all
    select row_id, lower_{{ level }}, upper_{{ level }} from by_byar_of_expected
    union all
    select row_id, lower, {{ dobson(byar_upper('events', z)) }} from dobson_terms
),

allowed as (
    select
        asked.*,
        ours.our_lower,
        ours.our_upper,
        greatest(abs(asked.lower - ours.our_lower), abs(asked.upper - ours.our_upper)) as difference,
        -- How far the printed figures let ours be off: half a unit of the last digit printed, as often
        -- as figures of such rounding go into it.
        case
            when method like 'Byar, of%'
                then (1 + upper / value) * 0.5000001e0 * power(10e0, -fewest_decimals)
            when method like 'Dobson%'
                then (2 + 2 * (upper - value) / (value - lower)) * 0.5000001e0 * power(10e0, -fewest_decimals)
            else 0.5000001e0 * power(10e0, -decimals)
        end as rounding
    from asked
    left join ours using (row_id)
),

{# What the publisher did instead, where it was found out. x is the count, n the denominator. The sum
   and the difference of Wilson's limits give back the two terms that they are made of. #}
{%- set rest = '(n + ' ~ z ~ ' * ' ~ z ~ ')' -%}
{%- set low = wilson_lower('x', 'n', z) -%}
{%- set high = wilson_upper('x', 'n', z) -%}
{%- set centre = 'floor((' ~ low ~ ' + ' ~ high ~ ') * ' ~ rest ~ ')' -%}
{%- set spread = 'floor((' ~ high ~ ' - ' ~ low ~ ') * ' ~ rest ~ ')' -%}
{%- set ways = [
    ('Wilson’s with 1.96 for z', 'proportion', wilson_lower('x', 'n', '1.96e0'), wilson_upper('x', 'n', '1.96e0')),
    (
        'Wilson’s, both terms cut to whole numbers', 'proportion',
        '(' ~ centre ~ ' - ' ~ spread ~ ') / (2 * ' ~ rest ~ ')',
        '(' ~ centre ~ ' + ' ~ spread ~ ') / (2 * ' ~ rest ~ ')'
    ),
    (
        'Wilson’s of half the count and half the denominator', 'proportion',
        wilson_lower('(x / 2)', '(n / 2)', z), wilson_upper('(x / 2)', '(n / 2)', z)
    ),
    (
        'exact limits of the count', 'proportion',
        exact_lower('x', z, tail) ~ ' / n', exact_upper('x', z, tail) ~ ' / n'
    ),
    (
        'exact limits of a count of 10 or more', 'crude_rate',
        exact_lower('x', z, tail) ~ ' / n', exact_upper('x', z, tail) ~ ' / n'
    ),
    (
        'limits of the count itself, not divided by the population', 'crude_rate',
        count_lower('x', z, tail) ~ ' / multiplier', count_upper('x', z, tail) ~ ' / multiplier'
    ),
] %}
off as (
    select
        row_id,
        value_type,
        numerator as x,
        denominator as n,
        multiplier,
        lower,
        upper,
        greatest(rounding, {{ single }} * upper) as tolerance
    from allowed
    where reason is null and not coalesce(difference <= greatest(rounding, {{ single }} * upper), false)
),

departures as (
    select
        row_id,
        case
            {%- for name, type, below, above in ways %}
            when
                value_type = '{{ type }}'
                and abs(multiplier * {{ below }} - lower) <= tolerance
                and abs(multiplier * {{ above }} - upper) <= tolerance
                then '{{ name }}'
            {%- endfor %}
        end as departure
    from off
)

select
    '{{ level }}' as level,
    allowed.edition,
    allowed.indicator_code,
    allowed.indicator_id,
    allowed.method,
    case
        when reason is not null then 'not_comparable'
        when off.row_id is null then 'matched'
        when departure is not null then 'departs'
        when published.are_counts_of_fives then 'not_comparable'
        else 'differs'
    end as verdict,
    case
        when reason is not null then reason
        when off.row_id is null then null
        when departure is not null then departure
        when published.are_counts_of_fives then 'counts printed to the nearest 5, limits made of the exact ones'
        else 'not found out'
    end as reason,
    allowed.difference,
    allowed.decimals,
    published.area_code,
    published.period_label
from allowed
inner join published using (row_id)
left join off using (row_id)
left join departures using (row_id)

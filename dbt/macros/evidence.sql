{# Which group a value is judged in: 63 bits of the hash, the same number whatever else was landed. #}
{% macro group_number() -%}
    cast({{ hash_of(['indicator_id', 'area_type', 'period_type', 'period_start', 'period_end', 'source_id']) }} // 2 as bigint)
{%- endmacro %}

{# The first and the last year of an age band as publishers write it: 65+ yrs, 18-64 yrs, <75 yrs, All
   ages. No last year is everybody above. NULL where it isn't in years. #}
{% macro first_year_of_age(age) -%}
    case
        when {{ age }} = 'All ages' or regexp_full_match({{ age }}, '< ?[0-9]+ ?(yrs?)?') then 0
        when regexp_full_match({{ age }}, '[0-9]+(\+|-[0-9]+)? ?(yrs?)?')
            then cast(regexp_extract({{ age }}, '[0-9]+') as integer)
    end
{%- endmacro %}

{% macro last_year_of_age(age) -%}
    case
        when {{ age }} = 'All ages' or regexp_full_match({{ age }}, '[0-9]+\+ ?(yrs?)?') then 999
        when regexp_full_match({{ age }}, '< ?[0-9]+ ?(yrs?)?')
            then cast(regexp_extract({{ age }}, '[0-9]+') as integer) - 1
        when regexp_full_match({{ age }}, '[0-9]+(-[0-9]+)? ?(yrs?)?')
            then cast(regexp_extract({{ age }}, '([0-9]+) ?(yrs?)?$', 1) as integer)
    end
{%- endmacro %}

{# How far a printed figure lies from what it should be, in steps of what rounding explains: 1 is the
   most that is explained. #}
{% macro in_roundings(difference, explained) -%}
    abs({{ difference }}) / ({{ explained }})
{%- endmacro %}

{# A 95% limit of a value by its numerator and denominator, where the registered method is one that works
   from these alone; NULL elsewhere. #}
{% macro limit_from_counts(side) -%}
{%- set wilson = wilson_lower if side == 'lower' else wilson_upper -%}
{%- set of_count = count_lower if side == 'lower' else count_upper -%}
    case
        when from_counts is not null and ci_method = 'wilson' and value_type = 'proportion'
            then multiplier * {{ wilson('numerator', 'denominator', z95()) }}
        when from_counts is not null and ci_method = 'byar' and value_type in ('crude_rate', 'isr_ratio')
            then multiplier * {{ of_count('numerator', z95(), tail95()) }} / denominator
    end
{%- endmacro %}

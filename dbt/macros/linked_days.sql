{# Stretches of days of one person, with those that overlap or follow each other joined into one: from the
   columns person_id, from_day and to_day of `relation`. #}
{% macro joined_days(relation) -%}
    select
        person_id,
        min(from_day) as from_day,
        max(to_day) as to_day
    from (
        select
            *,
            sum(begins) over (
                partition by person_id order by from_day, to_day rows between unbounded preceding and current row
            ) as stretch
        from (
            select
                *,
                case
                    when
                        from_day <= max(to_day) over (
                            partition by person_id order by from_day, to_day
                            rows between unbounded preceding and 1 preceding
                        ) + 1
                        then 0
                    else 1
                end as begins
            from {{ relation }}
        ) as marked
    ) as numbered
    group by
        person_id,
        stretch
{%- endmacro %}

{# Days that two stretches share. #}
{% macro days_shared(from_day, to_day, other_from, other_to) -%}
    greatest(
        cast(least({{ to_day }}, {{ other_to }}) - greatest({{ from_day }}, {{ other_from }}) as integer) + 1, 0
    )
{%- endmacro %}

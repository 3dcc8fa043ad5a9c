{# A publisher's period label as type, first and last day. The columns are NULL where the label
   has none of the known forms:
     2015              a calendar year
     2013/14           a financial year (April to March), an academic year (September to August)
                       where the indicator's years are academic
     2015 - 17         calendar years pooled; 2016/17 - 18/19 financial or academic years pooled
     2021/22 Q1        a financial quarter; 2021 Q1 a calendar quarter
     2021/22 Q1 - 2022/23 Q3  financial quarters added up: seven of them #}
{% macro parse_period(label, year_type) %}
{%- set first = "try_cast(regexp_extract(" ~ label ~ ", '^([0-9]{4})', 1) as integer)" -%}
{%- set last2 = "try_cast(regexp_extract(" ~ label ~ ", '([0-9]{2})$', 1) as integer)" -%}
{%- set last = "(" ~ first ~ " - " ~ first ~ " % 100 + " ~ last2 ~ " + case when " ~ last2 ~ " < " ~ first ~ " % 100 then 100 else 0 end)" -%}
{%- set quarter = "try_cast(regexp_extract(" ~ label ~ ", 'Q([1-4])$', 1) as integer)" -%}
{%- set last_year = "try_cast(regexp_extract(" ~ label ~ ", '([0-9]{4})/[0-9]{2} Q[1-4]$', 1) as integer)" -%}
{%- set first_quarter = "try_cast(regexp_extract(" ~ label ~ ", 'Q([1-4])', 1) as integer)" -%}
{%- set basis = "case " ~ year_type ~ " when 'academic' then 'academic' when 'other' then 'other' else 'financial' end" -%}
{%- set month = "case " ~ year_type ~ " when 'academic' then 9 else 4 end" -%}
    case
        when regexp_full_match({{ label }}, '[0-9]{4}') then {
            'type': 'calendar_year',
            'starts': make_date({{ first }}, 1, 1),
            'ends': make_date({{ first }}, 12, 31)
        }
        when regexp_full_match({{ label }}, '[0-9]{4} ?- ?([0-9]{2}|[0-9]{4})') then {
            'type': 'calendar_years_' || ({{ last }} - {{ first }} + 1),
            'starts': make_date({{ first }}, 1, 1),
            'ends': make_date({{ last }}, 12, 31)
        }
        when
            regexp_full_match({{ label }}, '[0-9]{4}/[0-9]{2}')
            and {{ last }} = {{ first }} + 1 then {
            'type': {{ basis }} || '_year',
            'starts': make_date({{ first }}, {{ month }}, 1),
            'ends': make_date({{ first }} + 1, {{ month }}, 1) - 1
        }
        when
            regexp_full_match({{ label }}, '[0-9]{4}/[0-9]{2} ?- ?([0-9]{2})?[0-9]{2}/[0-9]{2}') then {
            'type': {{ basis }} || '_years_' || ({{ last }} - {{ first }}),
            'starts': make_date({{ first }}, {{ month }}, 1),
            'ends': make_date({{ last }}, {{ month }}, 1) - 1
        }
        when regexp_full_match({{ label }}, '[0-9]{4}/[0-9]{2} Q[1-4]') then {
            'type': 'financial_quarter',
            'starts': cast(make_date({{ first }}, 4, 1) + to_months(3 * ({{ quarter }} - 1)) as date),
            'ends': cast(make_date({{ first }}, 4, 1) + to_months(3 * {{ quarter }}) as date) - 1
        }
        when
            regexp_full_match({{ label }}, '[0-9]{4}/[0-9]{2} Q[1-4] ?- ?[0-9]{4}/[0-9]{2} Q[1-4]')
            and 4 * {{ last_year }} + {{ quarter }} > 4 * {{ first }} + {{ first_quarter }} then {
            'type': 'financial_quarters_'
            || (4 * ({{ last_year }} - {{ first }}) + {{ quarter }} - {{ first_quarter }} + 1),
            'starts': cast(make_date({{ first }}, 4, 1) + to_months(3 * ({{ first_quarter }} - 1)) as date),
            'ends': cast(make_date({{ last_year }}, 4, 1) + to_months(3 * {{ quarter }}) as date) - 1
        }
        when regexp_full_match({{ label }}, '[0-9]{4} Q[1-4]') then {
            'type': 'calendar_quarter',
            'starts': cast(make_date({{ first }}, 1, 1) + to_months(3 * ({{ quarter }} - 1)) as date),
            'ends': cast(make_date({{ first }}, 1, 1) + to_months(3 * {{ quarter }}) as date) - 1
        }
    end
{% endmacro %}

{# How many days the middle of one row's period lies after that of another's; a half day counts. #}
{% macro days_between_middles(one, other) -%}
    (
        ({{ one }}.period_start - {{ other }}.period_start)
        + ({{ one }}.period_end - {{ other }}.period_end)
    ) / 2.0
{%- endmacro %}

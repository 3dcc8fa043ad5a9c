{# The one shape of what an indicator's SQL gives, and what is said of a model that doesn't keep to it. #}

{% macro shape() %}{{ return({
    'area_type': 'text', 'area_code': 'text', 'period_type': 'text', 'period_start': 'date', 'period_end': 'date',
    'sex': 'text', 'age': 'text', 'segment': 'text', 'breakdown_type': 'text', 'breakdown': 'text', 'band': 'text',
    'numerator': 'number', 'denominator': 'number',
}) }}{% endmacro %}

{# The label of a period, as publishers write it: parse_period takes it back. NULL for what is none. #}
{% macro period_label(type, starts, ends) -%}
    case
        when {{ type }} = 'calendar_year' then cast(year({{ starts }}) as varchar)
        when {{ type }} in ('financial_year', 'academic_year') then {{ years_label(starts, ends) }}
        when {{ type }} like 'calendar\_years\_%' escape '\'
            then year({{ starts }}) || ' - ' || right(cast(year({{ ends }}) as varchar), 2)
        when {{ type }} like 'financial\_years\_%' escape '\' or {{ type }} like 'academic\_years\_%' escape '\'
            then
                {{ years_label(starts, starts ~ ' + 365') }} || ' - '
                || right(cast(year({{ ends }}) - 1 as varchar), 2) || '/' || right(cast(year({{ ends }}) as varchar), 2)
        when {{ type }} = 'financial_quarter'
            then
                year({{ starts }} - 90) || '/' || right(cast(year({{ starts }} - 90) + 1 as varchar), 2)
                || ' Q' || cast((month({{ starts }}) + 8) % 12 // 3 + 1 as varchar)
        when {{ type }} = 'calendar_quarter' then year({{ starts }}) || ' Q' || cast(quarter({{ starts }}) as varchar)
    end
{%- endmacro %}

{% macro years_label(starts, ends) -%}
    year({{ starts }}) || '/' || right(cast(year({{ starts }}) + 1 as varchar), 2)
{%- endmacro %}

{# After an indicator's model is built: nothing happens if it keeps the shape, else the build stops with
   file, column, got, expected, fix; all faults at once. #}
{% macro hold_to_shape(relation, model) %}
{% if execute %}
    {% set faults = shape_faults(relation, model) %}
    {% if faults %}
        {{ exceptions.raise_compiler_error(
            faults | length ~ (' fault' if faults | length == 1 else ' faults') ~ ' in ' ~ model.original_file_path
            ~ ':\n- ' ~ faults | join('\n- ')
        ) }}
    {% endif %}
{% endif %}
select 1 as kept
{% endmacro %}

{% macro shape_faults(relation, model) %}
{% set wanted = shape() %}
{% set faults = [] %}
{% set found = {} %}
{% for column in get_columns_in_relation(relation) %}
    {% do found.update({column.name: kind_of_column(column.data_type)}) %}
    {% if column.name not in wanted %}
        {% do faults.append(
            column.name ~ ': the column is unknown. Got ' ~ column.name ~ '; expected only ' ~ wanted | join(', ')
            ~ '. To mend it: take the column out of the last select'
        ) %}
    {% endif %}
{% endfor %}
{% for column, kind in wanted.items() %}
    {% if column not in found %}
        {% do faults.append(
            column ~ ': the column is missing. Got ' ~ found | join(', ') ~ '; expected ' ~ column ~ ' (' ~ kind
            ~ '). To mend it: add it to the last select' ~ usual_cell(column)
        ) %}
    {% elif found[column] != kind %}
        {% do faults.append(
            column ~ ': the column is of the wrong kind. Got ' ~ found[column] ~ '; expected ' ~ kind
            ~ '. To mend it: cast it'
        ) %}
    {% endif %}
{% endfor %}
{% if not faults %}
    {% for row in run_query(row_faults(relation, model.config.meta.indicator)).rows %}
        {% do faults.append(
            row['place'] ~ ': ' ~ row['problem'] ~ ' (' ~ row['rows'] ~ ' rows). Got ' ~ row['got'] ~ '; expected '
            ~ row['expected'] ~ '. To mend it: ' ~ row['fix']
        ) %}
    {% endfor %}
{% endif %}
{{ return(faults) }}
{% endmacro %}

{% macro kind_of_column(data_type) %}
{%- set type = data_type | upper -%}
{{ return(
    'text' if type.startswith(('VARCHAR', 'TEXT', 'CHARACTER', 'STRING')) else
    'date' if type == 'DATE' else
    'number' if type.startswith(('DOUBLE', 'FLOAT', 'REAL', 'DECIMAL', 'HUGEINT')) or 'INT' in type else
    type | lower
) }}
{% endmacro %}

{% macro usual_cell(column) %}{{ return({
    'sex': ", such as 'Persons' as sex", 'age': ", such as 'All ages' as age", 'segment': ", as a rule 'all' as segment",
    'breakdown_type': ", as a rule 'all' as breakdown_type", 'breakdown': ", as a rule 'all' as breakdown",
    'band': ", 'all' as band where the method needs no age bands",
}.get(column, '')) }}{% endmacro %}

{# What is wrong with the rows: one row a kind of fault, with an example. #}
{% macro row_faults(relation, said) %}
{% set texts = shape().items() | selectattr(1, 'equalto', 'text') | map('first') | list %}
{% set key = [
    'area_code', 'period_type', 'period_start', 'period_end', 'sex', 'age', 'segment', 'breakdown_type', 'breakdown',
    'band',
] %}
{% set is_banded = said.method in ('dsr', 'isr', 'isr_ratio') %}
with given as (
    select
        *,
        {{ period_label('period_type', 'period_start', 'period_end') }} as period_label
    from {{ relation }}
),

understood as (
    select
        *,
        {{ parse_period('period_label', "'" ~ said.year_type ~ "'") }} as period
    from given
),

faults as (
    {% for column in texts + ['period_start', 'period_end'] %}
    select
        '{{ column }}' as place,
        'the cell is empty' as problem,
        'NULL' as got,
        'a value in every row' as expected,
        'give it in the SQL, and leave rows out that belong nowhere' as fix
    from given
    where {{ column }} is null {{ "or trim(" ~ column ~ ") = ''" if column in texts }}
    union all
    {% endfor %}
    select
        'period_type',
        'the period isn''t one that is known',
        period_type || ' from ' || period_start || ' to ' || period_end,
        'calendar_year, financial_year, financial_years_3, financial_quarter …, with its first and last day, in'
        || ' years as year_type has them ({{ said.year_type }})',
        'mend the type or the days, or year_type in the .yml'
    from understood
    where
        period_type is not null
        and (
            period is null
            or period.type <> period_type
            or period.starts <> period_start
            or period.ends <> period_end
        )
    union all
    select
        'sex',
        'the word is unknown',
        sex,
        'Persons, Male, Female or Not applicable',
        'write the word of the register'
    from given
    where sex not in ('Persons', 'Male', 'Female', 'Not applicable')
    union all
    select
        'breakdown',
        'a breakdown has no type, or a type no breakdown',
        breakdown_type || ' / ' || breakdown,
        'all beside all, or the kind of cut beside its group',
        'write all in both, or in neither'
    from given
    where (breakdown_type = 'all') <> (breakdown = 'all')
    union all
    select
        'band',
        'the band doesn''t go with the method',
        band,
        {{ "'an age band of the standard in each row, for the method " ~ said.method ~ "'" if is_banded
           else "'all, for the method " ~ said.method ~ "'" }},
        {{ "'give a row for each age band'" if is_banded else "'add the bands up and write all, or name another method'" }}
    from given
    where {{ "band = 'all'" if is_banded else "band <> 'all'" }}
    union all
    select
        'denominator',
        'isn''t a number from 0',
        coalesce(cast(denominator as varchar), 'NULL'),
        'a number from 0',
        'leave out rows of nobody, and count with coalesce(…, 0)'
    from given
    where denominator is null or not denominator >= 0 or isinf(denominator) or isnan(denominator)
    {% if said.method != 'mean' %}
    union all
    select
        'numerator',
        'isn''t a number from 0',
        coalesce(cast(numerator as varchar), 'NULL'),
        'a number from 0',
        'count with coalesce(…, 0)'
    from given
    where numerator is null or not numerator >= 0 or isinf(numerator) or isnan(numerator)
    union all
    select
        'area_code',
        'a key has several rows',
        {{ key | join(" || ' / ' || ") }},
        'one row for each of {{ key | join(', ') }}',
        'add the rows up, or find the join that doubles them'
    from given
    group by {{ key | join(', ') }}
    having count(*) > 1
    {% endif %}
    {% if said.method == 'proportion' %}
    union all
    select
        'numerator',
        'more are counted than there are',
        numerator || ' of ' || denominator || ' in ' || area_code,
        'a part of the denominator',
        'count both among the same people, or name the method ratio or crude_rate'
    from given
    where numerator > denominator
    {% endif %}
)

select
    place,
    problem,
    cast(count(*) as varchar) as rows,
    min(got) as got,
    expected,
    fix
from faults
group by place, problem, expected, fix
order by place, problem
{% endmacro %}

{# Framework workbooks: a raw table of cells, one row per sheet, row and field. #}

{# A sheet's rows: one per extract and row of the sheet, one column per field, all of them text. #}
{% macro workbook_rows(cells, sheet, fields) %}
select
    extract_id,
    cast(sheet_row as integer) as sheet_row,
    {% for field in fields -%}
    max(cell) filter (where field = '{{ field }}') as {{ field }}{{ "," if not loop.last }}
    {% endfor %}
from {{ cells }}
where sheet = '{{ sheet }}'
group by extract_id, sheet_row
{% endmacro %}

{# The seed's rows, save those of an edition that a workbook has landed of; and that workbook's. #}
{% macro framework_rows(seed, staged, columns) %}
select
    seeded.framework,
    seeded.edition,
    {% for column in columns -%}
    seeded.{{ column }}{{ "," if not loop.last }}
    {% endfor %}
from {{ ref(seed) }} as seeded
left join {{ ref('int_framework_workbooks') }} as workbooks
    on
        seeded.framework = workbooks.framework
        and seeded.edition = workbooks.edition
        and workbooks.is_current
where workbooks.extract_id is null
union all
select
    workbooks.framework,
    workbooks.edition,
    {% for column in columns -%}
    landed.{{ column }}{{ "," if not loop.last }}
    {% endfor %}
from {{ ref(staged) }} as landed
inner join {{ ref('int_framework_workbooks') }} as workbooks
    on landed.extract_id = workbooks.extract_id
where workbooks.is_current
{% endmacro %}

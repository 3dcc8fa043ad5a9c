{# The rows of `relation`, known by row_id and extract_id, that no later extract of their source has too. #}
{% macro not_superseded(relation) -%}
select {{ relation }}.*
from {{ relation }}
where not exists (
    select 1
    from {{ relation }} as later
    inner join {{ ref('int_extract_order') }} as extract_order
        on later.extract_id = extract_order.later_id
    where
        later.row_id = {{ relation }}.row_id
        and extract_order.earlier_id = {{ relation }}.extract_id
)
{%- endmacro %}

{# Which of the rows of a key that can't be put in order stands: where one of them hides it, it is hidden;
   else it is told by their bytes, never by when they landed. #}
{% macro standing_first(rows, extracts) -%}
    {{ rows }}.status = 'suppressed' desc,
    {{ extracts }}.sha256 desc, {{ extracts }}.period desc, {{ rows }}.source_id asc
{%- endmacro %}

{# The order in which extracts count where one of them must: that of the latest vintage, then the last
   that was taken in, and of those of one run always the same one, whatever numbers they landed under. #}
{% macro latest_first(extracts) -%}
    {{ extracts }}.vintage_date desc nulls last, {{ extracts }}.run_number desc, {{ extracts }}.sha256 desc
{%- endmacro %}

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

{# True where every figure of the coarse row is the fine one's at fewer decimals, or missing, and they
   are not the same. A copy that is finer in one figure and coarser in another is no copy. #}
{% macro says_less(coarse, fine) -%}
    {%- set figures = ['value', 'lower_95', 'upper_95', 'lower_998', 'upper_998', 'numerator', 'denominator'] -%}
    (
    {%- for figure in figures %}
        ({{ coarse }}.{{ figure }} is null or {{ is_rounded(coarse ~ '.' ~ figure, fine ~ '.' ~ figure) }})
        and
    {%- endfor %}
        (
        {%- for figure in figures %}
            {{ coarse }}.{{ figure }} is distinct from {{ fine }}.{{ figure }}{{ ' or' if not loop.last }}
        {%- endfor %}
        )
    )
{%- endmacro %}

{# True where a figure is another one's at as many decimals as it is written with, halves either way.
   One that is written with a power of ten is none. #}
{% macro is_rounded(coarse, fine) -%}
    {%- set written = 'cast(' ~ coarse ~ ' as varchar)' -%}
    coalesce(
        {{ coarse }} = {{ fine }}
        or (
            regexp_full_match({{ written }}, '-?[0-9]+[.][0-9]+')
            and abs({{ coarse }} - {{ fine }})
            <= 0.500001e0 * pow(10e0, -length(regexp_extract({{ written }}, '[.](?:0$)?([0-9]*)$', 1)))
        ),
        false
    )
{%- endmacro %}

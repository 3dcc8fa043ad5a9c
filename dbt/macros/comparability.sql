{# Kinds of value that allow for nothing: not for age, sex or anything else about the people. The
   methods that make them have the same names. #}
{% macro crude_kinds() -%}
    ('crude_rate', 'proportion', 'ratio')
{%- endmacro %}

{# One side of a pair as a struct: what the pair says of it (`given`), else what its indicator's row
   (`own`) does. `area` is its row of int_areas, `combined` of published_together. #}
{% macro comparable_side(given, own, area, combined) -%}
{%- set value_type = "coalesce(" ~ given ~ "value_type, " ~ own ~ ".value_type)" -%}
{%- set sex = "coalesce(" ~ given ~ "sex, " ~ own ~ ".sex)" -%}
{%- set standardised -%}
    case
        when {{ value_type }} = 'dsr' then 'directly'
        when {{ value_type }} in ('isr', 'isr_ratio') then 'indirectly'
        -- By a method of its own, such as a model of the case mix.
        when {{ own }}.is_standardised and {{ value_type }} not in {{ crude_kinds() }} then 'otherwise'
        else 'no'
    end
{%- endset -%}
    {
        'indicator_id': {{ own }}.indicator_id,
        'life_cycle': {{ own }}.life_cycle,
        'definition_version': coalesce({{ given }}definition_version, {{ own }}.definition_version),
        'concept': {{ own }}.concept,
        'measured_as': {{ own }}.measured_as,
        'instrument': {{ own }}.instrument,
        'population': {{ own }}.population,
        'follow_up_days': {{ own }}.follow_up_days,
        'case_mix': {{ own }}.case_mix,
        'source_kind': {{ own }}.source_kind,
        'replaces': {{ own }}.replaces,
        'unit': {{ own }}.unit,
        'standardised': {{ standardised }},
        'is_crude': {{ own }}.is_standardised and {{ value_type }} in {{ crude_kinds() }},
        'standard_population': coalesce({{ given }}standard_population, {{ own }}.standard_population),
        'good_is': case {{ own }}.polarity when 'higher_is_better' then 'high' when 'lower_is_better' then 'low' end,
        'population_basis': coalesce({{ given }}population_basis, {{ own }}.population_basis),
        'sex': {{ sex }},
        'is_both_sexes': {{ sex }} not in ('Male', 'Female'),
        'age': coalesce({{ given }}age, {{ own }}.age),
        'group_name': concat_ws(' / ', {{ given }}segment, {{ given }}breakdown_type, {{ given }}breakdown),
        'is_every_group': coalesce({{ given }}segment, 'all') = 'all' and coalesce({{ given }}breakdown, 'all') = 'all',
        'origin': {{ given }}origin,
        'source_id': {{ given }}source_id,
        'area_code': {{ given }}area_code,
        'area_type': coalesce({{ given }}area_type, {{ area }}.area_type),
        'area_vintage': {{ given }}area_vintage,
        'published_with': {{ combined }}.published_with,
        'period_start': {{ given }}period_start,
        'period_end': {{ given }}period_end,
        'published_on': {{ given }}published_on,
        'series_part': {{ given }}series_part,
        'months': coalesce(
            {{ given }}months,
            date_diff('month', {{ given }}period_start, {{ given }}period_end + 1),
            12 * {{ own }}.pooled_years
        ),
        'first_month': coalesce({{ given }}first_month, month({{ given }}period_start), {{ own }}.first_month),
        'breaks': coalesce({{ own }}.breaks, [])
    }
{%- endmacro %}

{# Where a side stands to a break: before it, after it, or across it with years of both kinds pooled. #}
{% macro place_at_break(side) -%}
    case
        when b.applies_to = 'publication'
            then case when {{ side }}.published_on < b.from_date then 'before' else 'after' end
        when {{ side }}.period_end < b.from_date then 'before'
        when {{ side }}.period_start >= b.from_date then 'after'
        else 'across'
    end
{%- endmacro %}

{# True where one of the indicator's breaks of this effect lies between the two sides. A date that
   isn't known puts nothing on the other side of a break. #}
{% macro is_parted(effect) -%}
    l.indicator_id = r.indicator_id
    and len(list_filter(
        l.breaks,
        lambda b: b.effect = '{{ effect }}'
        and (b.source_id is null or b.source_id in (l.source_id, r.source_id))
        and case b.applies_to
            when 'publication' then l.published_on is not null and r.published_on is not null
            else l.period_start is not null and r.period_start is not null
        end
        and {{ place_at_break('l') }} <> {{ place_at_break('r') }}
    )) > 0
{%- endmacro %}

{# Whether the two sides of each row may be compared: one row a row of `relation`.

   `relation` has the columns of `comparable_columns`, as left_… and right_…: only the indicators
   must be there, and what is NULL is taken from the indicator's own row or not looked at.
   Gives `keys`, `verdict` (comparable, caution or not_comparable: the worst of its reasons'),
   `reasons` (a list of codes, in the order of their ranks) and `reason_text` (their sentences). #}
{% macro method_comparability(relation, keys) %}
with comparability_sides as (
    select
        {{ listed(keys, 'pairs.') }}
        {{ comparable_side('pairs.left_', 'own_left', 'area_left', 'combined_left') }} as l,
        {{ comparable_side('pairs.right_', 'own_right', 'area_right', 'combined_right') }} as r,
        coalesce(forwards.link, backwards.link) as area_link
    from {{ relation }} as pairs
    inner join {{ ref('int_comparable_indicators') }} as own_left on pairs.left_indicator_id = own_left.indicator_id
    inner join {{ ref('int_comparable_indicators') }} as own_right on pairs.right_indicator_id = own_right.indicator_id
    left join {{ ref('int_areas') }} as area_left on pairs.left_area_code = area_left.area_code
    left join {{ ref('int_areas') }} as area_right on pairs.right_area_code = area_right.area_code
    left join {{ ref('published_together') }} as combined_left on pairs.left_area_code = combined_left.area_code
    left join {{ ref('published_together') }} as combined_right on pairs.right_area_code = combined_right.area_code
    left join {{ ref('int_area_lineage') }} as forwards
        on pairs.left_area_code = forwards.earlier_code and pairs.right_area_code = forwards.later_code
    left join {{ ref('int_area_lineage') }} as backwards
        on pairs.left_area_code = backwards.later_code and pairs.right_area_code = backwards.earlier_code
),

comparability_parted as (
    select
        *,
        {{ is_parted('not_comparable') }} as is_broken,
        {{ is_parted('caution') }} as is_changed
    from comparability_sides
),

comparability_reasoned as (
    select
        {{ listed(keys) }}
        list_filter(
            [
                {% for reason, condition in comparability_rules() -%}
                case when {{ condition }} then '{{ reason }}' end{{ ',' if not loop.last }}
                {% endfor %}
            ],
            lambda reason: reason is not null
        ) as found
    from comparability_parted
),

comparability_reduced as (
    select
        {{ listed(keys) }}
        -- The last rule is for what no other rule has anything to say of.
        case
            when len(found) > 1 then list_filter(found, lambda reason: reason <> '{{ comparability_rules()[-1][0] }}')
            else found
        end as reasons
    from comparability_reasoned
),

comparability_worded as (
    select
        map(list(reason order by reason), list(verdict order by reason)) as verdicts,
        map(list(reason order by reason), list(sentence order by reason)) as sentences
    from {{ ref('comparability_reasons') }}
)

select
    {{ listed(keys, 'reasoned.') }}
    case
        when len(reasoned.reasons) = 0 then 'comparable'
        when 'not_comparable' in list_transform(reasoned.reasons, lambda reason: worded.verdicts[reason])
            then 'not_comparable'
        else 'caution'
    end as verdict,
    reasoned.reasons,
    array_to_string(list_transform(reasoned.reasons, lambda reason: worded.sentences[reason]), ' ') as reason_text
from comparability_reduced as reasoned
cross join comparability_worded as worded
{% endmacro %}

{# What method_comparability reads of a pair whose sides say only some of the columns: the rest NULL.
   `said` are the columns that `relation` has, as left_… and right_…. #}
{% macro comparable_pair(said) -%}
    {%- for side in ['left', 'right'] -%}
        {%- for column, type in comparable_columns().items() %}
        {% if column in said -%}
            {{ side }}_{{ column }},
        {%- else -%}
            cast(null as {{ type }}) as {{ side }}_{{ column }},
        {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}

{# Whether two series of one indicator, or of two, may be compared: one row a row of `relation`, which
   names each by its signature, `left_signature` and `right_signature`. Equal signatures are
   comparable, but for areas whose values may be compared with England only: `compared_with` says so. #}
{% macro comparability_of(relation) %}
with series_pairs as (
    select
        pairs.left_signature,
        pairs.right_signature,
        {% for side in ['left', 'right'] -%}
        {% for column, type in comparable_columns().items() -%}
        {% if column in signature_columns() -%}
            {{ side }}_series.{{ column }} as {{ side }}_{{ column }},
        {%- else -%}
            cast(null as {{ type }}) as {{ side }}_{{ column }},
        {%- endif %}
        {% endfor -%}
        {% endfor -%}
    from {{ relation }} as pairs
    inner join {{ ref('int_series_signature') }} as left_series
        on pairs.left_signature = left_series.signature
    inner join {{ ref('int_series_signature') }} as right_series
        on pairs.right_signature = right_series.signature
)

select * from ({{ method_comparability('series_pairs', ['left_signature', 'right_signature']) }})
{% endmacro %}

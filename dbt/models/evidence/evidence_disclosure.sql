-- The figures of hidden and small counts, of those values alone that have one. Of ours: how far a
-- count that is shown lies within what its policy hides, and how far from a multiple of what it rounds
-- to. Of a publisher's: whether a hidden cell is the only unknown beside its parent and siblings.
with shown as (
    select
        counts.row_id,
        counts.threshold,
        counts.lowest,
        counts.base,
        counts.is_exempt,
        counts.small_figures,
        candidates.status,
        candidates.numerator,
        candidates.denominator,
        candidates.value,
        candidates.value_type,
        list_contains(counts.public_figures, 'denominator') as is_denominator_public
    from {{ ref('int_disclosure_counts') }} as counts
    inner join {{ ref('candidate_values') }} as candidates on counts.row_id = candidates.row_id
),

ours as (
    select
        row_id,
        -- Rounding lifts no small count: what is small isn't shown at all.
        case
            when is_exempt then 0
            else cast(length(small_figures) > 0 and coalesce(value, numerator, denominator) is not null as integer)
        end as small_count_shown,
        case
            when base > 0
                then greatest(
                    -- What counts no people, such as cases expected or a sum of values, isn't rounded.
                    case
                        when not ({{ numerator_counts_people('value_type') }}) then 0.0
                        else coalesce(abs(numerator - {{ rounded_to('numerator', 'base') }}), 0.0)
                    end,
                    case
                        when is_denominator_public or not ({{ denominator_counts_people('value_type') }}) then 0.0
                        else coalesce(abs(denominator - {{ rounded_to('denominator', 'base') }}), 0.0)
                    end
                )
        end as rounding_gap
    from shown
),

hidden as (
    select
        candidates.*,
        areas.parent_code
    from {{ ref('candidate_values') }} as candidates
    inner join {{ ref('int_areas') }} as areas on candidates.area_code = areas.area_code
    where candidates.status = 'suppressed' and candidates.origin = 'published' and areas.parent_code is not null
),

families as (
    select distinct
        parent_code,
        {% for column in key_columns() if column != 'area_code' -%}
            {{ column }},
        {% endfor -%}
        area_type
    from hidden
),

siblings as (
    select
        {% for column in key_columns() if column != 'area_code' -%}
            families.{{ column }},
        {% endfor -%}
        families.parent_code,
        families.area_type,
        {{ steady_sum(finite('candidates.numerator')) }} as total,
        count(*) - count(candidates.numerator) as unknowns
    from families
    inner join {{ ref('int_areas') }} as areas
        on families.parent_code = areas.parent_code and families.area_type = areas.area_type
    inner join {{ ref('candidate_values') }} as candidates
        on
            areas.area_code = candidates.area_code
            {% for column in key_columns() if column != 'area_code' -%}
                and families.{{ column }} = candidates.{{ column }}
            {% endfor %}
    group by all
),

publishers as (
    select
        hidden.row_id,
        cast(siblings.unknowns = 1 and coalesce(siblings.total, 0) <= parents.numerator as integer) as hidden_cell_told
    from hidden
    inner join siblings
        on
            hidden.parent_code = siblings.parent_code and hidden.area_type = siblings.area_type
            {% for column in key_columns() if column != 'area_code' -%}
                and hidden.{{ column }} = siblings.{{ column }}
            {% endfor %}
    inner join {{ ref('candidate_values') }} as parents
        on
            hidden.parent_code = parents.area_code and parents.numerator is not null
            {% for column in key_columns() if column != 'area_code' -%}
                and hidden.{{ column }} = parents.{{ column }}
            {% endfor %}
)

select
    row_id,
    cast(small_count_shown as double) as small_count_shown,
    cast(rounding_gap as double) as rounding_gap,
    cast(null as double) as hidden_cell_told
from ours
union all
select
    row_id,
    cast(null as double) as small_count_shown,
    cast(null as double) as rounding_gap,
    cast(hidden_cell_told as double) as hidden_cell_told
from publishers

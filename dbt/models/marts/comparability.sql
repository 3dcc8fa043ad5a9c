{{ config(contract={'enforced': false}) }}

-- What may be set beside what: the two indicators of each link of the crosswalk.
with pairs as (
    select distinct
        links.relation,
        links.theme,
        links.left_indicator_id as "left",
        links.right_indicator_id as "right",
        list_filter(
            [
                case when one.unit is distinct from other.unit then 'unit' end,
                case when one.value_type is distinct from other.value_type then 'value_type' end,
                case when one.population_basis is distinct from other.population_basis then 'population_basis' end
            ],
            lambda reason: reason is not null
        ) as reasons
    from {{ ref('int_links') }} as links
    inner join {{ ref('int_indicators') }} as one on links.left_indicator_id = one.indicator_id
    inner join {{ ref('int_indicators') }} as other on links.right_indicator_id = other.indicator_id
)

select
    'indicator' as left_kind,
    "left",
    "right",
    relation,
    theme,
    case
        when list_has_any(reasons, ['unit', 'value_type']) then 'not_comparable'
        when len(reasons) > 0 then 'caution'
        else 'comparable'
    end as verdict,
    reasons,
    array_to_string(reasons, ', ') as reason_text
from pairs

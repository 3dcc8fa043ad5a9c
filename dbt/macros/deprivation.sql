{# Decile of a rank among n areas, 1 the most deprived where rank 1 is. In whole numbers, so that an
   area on a boundary doesn't depend on how n / 10 is rounded. #}
{% macro decile_of_rank(rank, n) -%}
    (10 * cast({{ rank }} as bigint) + {{ n }} - 1) // {{ n }}
{%- endmacro %}

{# Summary measures of deprivation for each area from the small areas (LSOAs) in it. `relation` has
   one row a small area: population (the one published with the index), score, rank (1 the most
   deprived) and vintage (the edition of the small areas). `n` is how many England has of them.
   average_rank turns the ranks, as the index does: the highest is the most deprived. #}
{% macro method_deprivation(
    relation, keys, n, population='population', score='score', rank='rank', vintage='vintage'
) %}
with deprivation_areas as (
    select
        {{ listed(keys) }}
        {{ finite(population) }} as population,
        {{ finite(score) }} as score,
        try_cast({{ rank }} as bigint) as rank,
        {{ vintage }} as vintage
    from {{ relation }}
),

deprivation_weighted as (
    select
        *,
        {{ decile_of_rank('rank', n) }} = 1 as is_most_deprived
    from deprivation_areas
),

deprivation_sums as (
    select
        {{ listed(keys) }}
        -- In a fixed order, since a sum of decimals depends on it in the last digits.
        sum(population order by population) as population,
        sum(population * score order by population * score) as scores,
        sum(population * ({{ n }} + 1 - rank) order by population * ({{ n }} + 1 - rank)) as ranks,
        count(*) as small_areas,
        count(*) filter (is_most_deprived) as small_areas_in_decile_1,
        coalesce(sum(population order by population) filter (is_most_deprived), 0) as population_in_decile_1,
        case
            when count(distinct vintage) > 1 then 'mixed_vintages'
            when count(population) < count(*) or min(population) < 0 or sum(population) = 0 then 'no_denominator'
            when count(score) < count(*) or count(rank) < count(*) then 'missing_value'
            when min(rank) < 1 or max(rank) > {{ n }} then 'rank_out_of_range'
        end as status_reason
    from deprivation_weighted
    group by {{ keys | join(', ') }}
)

select
    {{ listed(keys) }}
    {%- for name, figure in [
        ('average_score', 'scores / population'),
        ('average_rank', 'ranks / population'),
        ('proportion_small_areas_in_decile_1', 'small_areas_in_decile_1 / small_areas'),
        ('proportion_population_in_decile_1', 'population_in_decile_1 / population'),
    ] %}
    case when status_reason is null then {{ figure }} end as {{ name }},
    {%- endfor %}
    {{ refusal_status('status_reason') }} as status,
    status_reason
from deprivation_sums
{% endmacro %}

-- One row per group of values that are cut further: how many members its least complete set lacks. A
-- set is one area's values of one cut. Quintiles have five members and deciles ten; of other cuts as
-- many are expected as any set of the indicator has.
with sets as (
    select
        {{ group_number() }} as group_id,
        indicator_id,
        breakdown_type,
        count(distinct breakdown) as members
    from {{ ref('candidate_values') }}
    where breakdown_type <> 'all'
    group by
        indicator_id, area_type, period_type, period_start, period_end, source_id,
        area_code, sex, age, segment, breakdown_type, origin
),

quantiles as (
    select
        breakdown_type,
        max(cast(quantiles as integer)) as members
    from {{ ref('deprivation_quantiles') }}
    group by breakdown_type
),

people as (
    select breakdown_type from quantiles
    union
    select breakdown_type from {{ ref('breakdown_dimensions') }}
),

largest as (
    select
        indicator_id,
        breakdown_type,
        max(members) as members
    from sets
    group by indicator_id, breakdown_type
)

select
    sets.group_id,
    cast(max(greatest(coalesce(quantiles.members, largest.members) - sets.members, 0)) as double) as members_missing,
    count(*) as n_sets
from sets
inner join people on sets.breakdown_type = people.breakdown_type
inner join largest
    on
        sets.indicator_id = largest.indicator_id
        and sets.breakdown_type = largest.breakdown_type
left join quantiles on sets.breakdown_type = quantiles.breakdown_type
group by sets.group_id

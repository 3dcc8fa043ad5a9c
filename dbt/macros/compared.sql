{# A query: each of `told`, a relation of the shape of indicator_values, beside what it is compared with.
   The mart `comparisons` is this of all values, where it is said how; who needs few of them asks for
   these few, and of England alone: a hundredth of the work, since nothing narrows a view that has
   compared them already. #}
{% macro compared(told, with_england_alone=false) %}
with sources_of_counts as (
    select coalesce(list(distinct source_id), []) as source_ids
    from {{ ref('int_indicator_sources') }}
    where value_origin = 'computed'
),

-- Kept at hand for its second reading, which is of peers and mostly of none, it would be all values.
local_values as not materialized (
    select
        told.*,
        case
            when
                told.origin = 'computed'
                and list_contains(told.flags, 'recast_area')
                and not list_contains(sources_of_counts.source_ids, told.source_id)
                then 'published'
            else told.origin
        end as comparator_origin
    from {{ told }} as told
    cross join sources_of_counts
),

{% if with_england_alone %}
beside as (
    select
        *,
        'england' as comparator_type,
        cast('E92000001' as {{ word_list('area_code') }}) as comparator_code
    from local_values
),
{% else %}
sides as (
    select
        local_values.*,
        {{ as_words('areas.region_code', 'area_code') }} as region_code,
        unnest(
            case when areas.region_code is null then ['england'] else ['england', 'region'] end
        ) as comparator_type
    from local_values
    left join {{ ref('int_areas') }} as areas
        on local_values.area_code = {{ as_words('areas.area_code', 'area_code') }}
),

peer_pairs as (
    select distinct
        area_code,
        peer_code
    from {{ ref('peer_sets') }}
),

beside as (
    select
        *,
        case comparator_type
            when 'england' then cast('E92000001' as {{ word_list('area_code') }})
            else region_code
        end as comparator_code
    from sides
    union all by name
    select
        local_values.*,
        'peers' as comparator_type,
        cast(peer_pairs.peer_code as {{ word_list('area_code') }}) as comparator_code
    from local_values
    inner join peer_pairs on local_values.area_code = peer_pairs.area_code
    -- Who is like whom is said for a time, and by one or more sets.
    where exists (
        select 1 from {{ ref('peer_sets') }} as peer_sets
        where
            peer_sets.area_code = local_values.area_code
            and peer_sets.peer_code = peer_pairs.peer_code
            and local_values.period_end >= cast(peer_sets.valid_from as date)
            and local_values.period_end <= coalesce(cast(peer_sets.valid_to as date), date '9999-12-31')
    )
),
{% endif %}

kinds as (
    select
        value_type,
        min(compared_with) as compared_with
    from {{ ref('methods') }}
    where value_type is not null
    group by value_type
),

paired as (
    select
        beside.*,
        comparators.comparator_value,
        comparators.comparator_lower_95,
        comparators.comparator_upper_95,
        case when indicators.is_polarity_confirmed then indicators.polarity end as confirmed_polarity,
        case
            when beside.area_type = 'england' then 'is_comparator'
            when beside.status <> 'published' then 'value_' || beside.status
            when beside.breakdown_type <> 'all' then 'breakdown'
            when indicators.value_type = 'count' then 'count_depends_on_size'
            when kinds.compared_with = 'england' and beside.comparator_type <> 'england'
                then 'indirectly_standardised'
            -- Worked out crude, or published so, where the definition asks for a standardised value.
            when
                indicators.is_standardised
                and case beside.method when 'as_published' then indicators.value_type else beside.method end
                in {{ crude_kinds() }}
                then 'crude_where_standardised'
            -- Segments are cut by the rule of one place.
            when comparators.comparator_status is null and beside.segment <> 'all' then 'no_segment_elsewhere'
            when comparators.comparator_status is null then 'no_' || beside.comparator_type || '_value'
            when comparators.comparator_status = 'withdrawn' then 'comparator_withdrawn'
            when comparators.comparator_status <> 'published'
                then beside.comparator_type || '_' || comparators.comparator_status
        end as refused_beforehand
    from beside
    inner join {{ ref('int_indicators') }} as indicators
        on beside.indicator_id = {{ as_words('indicators.indicator_id', 'indicator_id') }}
    left join kinds on indicators.value_type = kinds.value_type
    left join {{ ref('int_comparators') }} as comparators
        on
            beside.comparator_code = comparators.area_code
            {% for column in key_columns() if column not in ('area_code', 'breakdown_type', 'breakdown', 'origin') %}
                and beside.{{ column }} = comparators.{{ column }}
            {% endfor %}
            and beside.comparator_origin = comparators.origin
            and beside.breakdown_type = 'all'
),

judged as (
    select
        *,
        coalesce(
            refused_beforehand,
            {{ comparison_refusal('value', 'lower_95', 'upper_95', 'comparator_value') }},
            case
                when comparator_type = 'peers' and (comparator_lower_95 is null or comparator_upper_95 is null)
                    then 'no_peers_limits'
            end
        ) as refusal,
        -- A peer's own value is as uncertain as the one compared with it: both have limits.
        case
            when comparator_type = 'peers'
                then
                {{ judgement_by_overlap(
                    'value', 'lower_95', 'upper_95',
                    'comparator_value', 'comparator_lower_95', 'comparator_upper_95', 'confirmed_polarity'
                ) }}
            else {{ judgement('value', 'lower_95', 'upper_95', 'comparator_value', 'confirmed_polarity') }}
        end as verdict
    from paired
)

select
    {{ key_list() }},
    area_type,
    period_label,
    comparator_type,
    comparator_code,
    -- Without limits the two are a fair pair that chance can't be told from: both are shown, and neither is called.
    case when coalesce(refusal, 'no_limits') in ('no_limits', 'no_peers_limits') then value end as value,
    case
        when coalesce(refusal, 'no_limits') in ('no_limits', 'no_peers_limits') then comparator_value
    end as comparator_value,
    case when refusal is null then verdict else 'not_compared' end as judgement,
    coalesce(refusal, case when verdict = 'no_judgement' then 'polarity_not_confirmed' end) as reason,
    case
        when refusal is not null then null
        when comparator_type = 'peers' then 'limits_95_overlap'
        when comparator_type = 'region' then 'limits_95_against_region'
        else 'limits_95_against_england'
    end as method
from judged
{% endmacro %}

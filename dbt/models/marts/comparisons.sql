{{ config(materialized='view') }}

-- Each area's value beside England's: the same indicator, period, sex, age and origin. England
-- inside the area's 95% limits (the ends count) is similar; else the side and the polarity say.
-- Rests only on what this release publishes; every refusal to compare says why.
with england as (
    select *
    from {{ ref('indicator_values') }}
    where area_type = 'england' and breakdown_type = 'all'
),

paired as (
    select
        local_values.*,
        england.value as england_value,
        england.status as england_status,
        england.row_exists,
        indicators.polarity,
        indicators.is_polarity_confirmed,
        indicators.value_type,
        case
            when local_values.area_type = 'england' then 'is_comparator'
            when local_values.status <> 'published' then 'value_' || local_values.status
            when local_values.breakdown_type <> 'all' then 'breakdown'
            when indicators.value_type = 'count' then 'count_depends_on_size'
            when england.row_exists is null then 'no_england_value'
            when england.status <> 'published' then 'england_' || england.status
            when local_values.lower_95 is null or local_values.upper_95 is null then 'no_limits'
        end as refusal
    from {{ ref('indicator_values') }} as local_values
    inner join {{ ref('int_indicators') }} as indicators using (indicator_id)
    left join (select
        *,
        true as row_exists
    from england) as england
        on
            local_values.indicator_id = england.indicator_id
            and local_values.period_type = england.period_type
            and local_values.period_start = england.period_start
            and local_values.period_end = england.period_end
            and local_values.sex = england.sex
            and local_values.age = england.age
            and local_values.segment = england.segment
            and local_values.origin = england.origin
            and local_values.breakdown_type = 'all'
)

select
    {{ key_list() }},
    area_type,
    period_label,
    'england' as comparator_type,
    'E92000001' as comparator_code,
    case when refusal is null then value end as value,
    case when refusal is null then england_value end as comparator_value,
    case
        when refusal is not null then 'not_compared'
        when not is_polarity_confirmed then 'no_judgement'
        when england_value between lower_95 and upper_95 then 'similar'
        when polarity = 'no_judgement' then case when upper_95 < england_value then 'lower' else 'higher' end
        when (upper_95 < england_value) = (polarity = 'lower_is_better') then 'better'
        else 'worse'
    end as judgement,
    coalesce(refusal, case when not is_polarity_confirmed then 'polarity_not_confirmed' end) as reason,
    case when refusal is null then 'limits_95_against_england' end as method
from paired

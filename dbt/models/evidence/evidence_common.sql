-- One row per group of values that are judged together, with what is to be said of all its values alike:
-- told once for each of the few groups, so that the many rows only carry it.
select
    own_group.group_id,
    own_group.indicator_id,
    own_group.area_type,
    own_group.period_type,
    own_group.period_start,
    own_group.period_end,
    own_group.source_id,
    -- Of a denominator and of limits, what fewer of the values have.
    least(own_group.n_denominators, own_group.n_limits) / own_group.n_rows as share_with_both,
    cast(
        not (
            own_group.period_start <= own_group.period_end
            and case
                when
                    own_group.period_type like '%\_quarter' escape '\'
                    then date_diff('day', own_group.period_start, own_group.period_end) between 88 and 92
                when
                    own_group.period_type like 'financial\_quarters\_%' escape '\'
                    then
                        date_diff('day', own_group.period_start, own_group.period_end)
                        // cast(regexp_extract(own_group.period_type, '[0-9]+$') as integer) between 89 and 92
                when
                    own_group.period_type like '%\_year' escape '\'
                    then date_diff('day', own_group.period_start, own_group.period_end) between 364 and 365
                else date_diff('day', own_group.period_start, own_group.period_end) >= 729
            end
        ) as double
    ) as period_malformed,
    case
        when
            scales.year_type in ('financial', 'calendar', 'academic')
            and coalesce(scales.periodicity, 'annual') in ('annual', 'biennial')
            then cast(
                own_group.period_type
                <> scales.year_type
                || case when scales.pooled_years > 1 then '_years_' || scales.pooled_years else '_year' end
                and kinds.period_type is null
                as double
            )
    end as period_not_registered,
    scales.ci_method,
    scales.multiplier,
    scales.fewest_events,
    scales.rounding_base,
    -- A count up to this may be shown as any other up to it.
    case when scales.rounding_base is not null then scales.hidden_up_to end as may_be_another,
    scales.value_step / 2 as value_error,
    greatest(scales.count_step, coalesce(scales.rounding_base, 0.0)) / 2 as count_error,
    scales.highest,
    scales.lowest
from {{ ref('evidence_periods') }} as own_group
inner join {{ ref('evidence_scales') }} as scales
    on
        own_group.indicator_id = scales.indicator_id
        and own_group.source_id = scales.source_id
left join {{ ref('period_kinds') }} as kinds
    on
        own_group.indicator_id = kinds.indicator_id
        and own_group.source_id = kinds.source_id
        and own_group.period_type = kinds.period_type

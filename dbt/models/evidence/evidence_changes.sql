-- One row per value of the latest period that has one in the period before: how far it moved, in
-- standard errors, allowing for what all areas of the group did and for how much they vary.
-- Only the latest two periods are read, once, and each series is laid beside itself.
with pairs as (
    select
        group_id,
        before_id
    from {{ ref('evidence_periods') }}
    where is_latest and before_id is not null
),

read_groups as (
    select
        group_id,
        group_id as pair_id,
        true as is_now
    from pairs
    union all
    select
        before_id as group_id,
        group_id as pair_id,
        false as is_now
    from pairs
),

figures as materialized (
    select
        hash(
            candidates.area_code, candidates.sex, candidates.age, candidates.segment,
            candidates.breakdown_type, candidates.breakdown, candidates.origin
        ) as series_id,
        read_groups.pair_id as group_id,
        read_groups.is_now,
        candidates.row_id,
        candidates.value_type,
        {{ finite('candidates.value') }} as value,
        {{ finite('candidates.numerator') }} as numerator,
        {{ finite('candidates.denominator') }} as denominator,
        -- The limits tell of the error where the counts aren't known.
        {{ finite('(candidates.upper_95 - candidates.lower_95) / (2 * ' ~ z95() ~ ')') }} as error
    from (
        select
            *,
            {{ group_number() }} as group_id
        from {{ ref('candidate_values') }}
        where status = 'published'
    ) as candidates
    inner join read_groups on candidates.group_id = read_groups.group_id
),

series as (
    select
        now.group_id,
        now.row_id,
        before.row_id as row_id_before,
        {% for figure in ['value', 'numerator', 'denominator', 'error'] -%}
            now.{{ figure }},
            before.{{ figure }} as {{ figure }}_before,
        {% endfor -%}
        now.value_type
    from figures as now
    inner join figures as before
        on now.group_id = before.group_id and now.series_id = before.series_id
    where now.is_now and not before.is_now
),

with_variance as (
    select
        series.*,
        indicators.multiplier,
        case
            when
                series.value_type = 'proportion'
                and least(series.denominator, series.denominator_before) > 0
                and series.numerator + series.numerator_before
                between 0 and series.denominator + series.denominator_before
                then
                    power(indicators.multiplier, 2)
                    * (series.numerator + series.numerator_before)
                    / (series.denominator + series.denominator_before)
                    * (
                        1 - (series.numerator + series.numerator_before)
                        / (series.denominator + series.denominator_before)
                    )
                    * (1 / series.denominator + 1 / series.denominator_before)
            when
                series.value_type in ('crude_rate', 'dsr', 'isr', 'isr_ratio')
                and least(series.numerator, series.numerator_before) >= 0
                -- A count's own error, with half an event more so that none has one too.
                then
                    power((series.value + series.value_before) / 2, 2)
                    * (1 / (series.numerator + 0.5) + 1 / (series.numerator_before + 0.5))
            else power(series.error, 2) + power(series.error_before, 2)
        end as variance
    from series
    left join {{ ref('evidence_periods') }} as periods on series.group_id = periods.group_id
    left join {{ ref('int_indicators') }} as indicators on periods.indicator_id = indicators.indicator_id
),

moved as (
    select
        group_id,
        row_id,
        row_id_before,
        value,
        value_before,
        denominator,
        denominator_before,
        variance,
        case when variance > 0 then (value - value_before) / sqrt(variance) end as z,
        case
            when least(denominator, denominator_before) > 0 then ln(denominator / denominator_before)
        end as denominator_shift,
        case when least(value, value_before) > 0 then abs(ln(value / value_before)) end as value_shift,
        -- None and all are the same again by their nature.
        case
            when value is not null and value_before is not null and value <> 0 and value <> coalesce(multiplier, 0)
                then cast(
                    value = value_before
                    and numerator is not distinct from numerator_before
                    and denominator is not distinct from denominator_before
                    as double
                )
        end as is_unchanged
    from with_variance
),

centres as (
    select
        group_id,
        median(z) as centre,
        median(denominator_shift) as denominator_centre
    from moved
    group by group_id
),

spreads as (
    select
        moved.group_id,
        count(moved.z) as n_z,
        count(moved.denominator_shift) as n_denominators,
        any_value(centres.centre) as centre,
        any_value(centres.denominator_centre) as denominator_centre,
        -- The median distance from the middle, as a standard deviation of normal figures.
        1.4826 * median(abs(moved.z - centres.centre)) as spread
    from moved
    inner join centres on moved.group_id = centres.group_id
    group by moved.group_id
)

select
    moved.row_id,
    moved.group_id,
    -- Of fewer than ten areas the spread can't be told, so that nothing could be allowed for.
    case
        when spreads.n_z >= 10
            then abs(moved.z - spreads.centre) / greatest(1.0, spreads.spread)
    end as change_in_errors,
    abs(
        moved.denominator_shift
        - case when spreads.n_denominators >= 10 then spreads.denominator_centre else 0.0 end
    ) as denominator_change,
    moved.value_shift,
    moved.denominator_shift,
    moved.is_unchanged,
    moved.row_id_before,
    moved.value,
    moved.value_before,
    moved.denominator,
    moved.denominator_before,
    moved.variance
from moved
inner join spreads on moved.group_id = spreads.group_id

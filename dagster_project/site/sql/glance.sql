-- One row per value that speaks at a glance, whichever frameworks it speaks for: the value as the
-- release has it, how it stands, which way it goes, and its series. Figures are read, not worked out.
create table glance as
with keys as (
    select distinct
        indicator_id, area_type, area_code, period_type, period_start, period_end, period_label,
        sex, age, segment, breakdown_type, breakdown, origin
    from headlines
    where area_type in (select area_type from levels)
),

numbered as (
    select
        row_number() over (
            order by area_code, indicator_id, period_start, period_end, sex, age, segment, origin
        ) as row_id,
        *
    from keys
),

series as (
    select
        numbered.row_id,
        list({
            'v': case when v.status in ('published', 'held') then v.value end,
            'b': list_contains(v.flags, 'break_in_series')
        } order by v.period_start) as points
    from numbered
    inner join shown_indicator_values as v
        using (
            indicator_id, area_code, period_type, sex, age, segment, breakdown_type, breakdown, origin
        )
    where v.period_start <= numbered.period_start
    group by numbered.row_id
),

gaps as (
    select
        numbered.row_id,
        list({
            'dimension': i.dimension,
            'from_group': i.from_group,
            'to_group': i.to_group,
            'value': i.value,
            'lower': i.lower_95,
            'upper': i.upper_95
        } order by i.dimension desc, i.breakdown_type) as gaps
    from numbered
    inner join inequalities as i
        using (indicator_id, area_code, period_type, period_start, period_end, age, segment, origin)
    where i.measure = 'absolute_gap' and i.status = 'published'
    group by numbered.row_id
),

against_england as (
    select * from shown_comparisons
    where comparator_type = 'england'
)

select
    numbered.*,
    v.value,
    v.lower_95,
    v.upper_95,
    v.numerator,
    v.denominator,
    v.status,
    v.status_reason,
    v.held_since,
    v.flags,
    v.source_id,
    -- None where the comparison is refused, unless it is for missing limits alone.
    c.comparator_value as england,
    c.judgement,
    c.reason as judgement_reason,
    -- Of a series that goes on beyond this period, the trend speaks of another time.
    t.direction,
    t.judgement as trend,
    t.reason as trend_reason,
    g.state as goal,
    g.reason as goal_reason,
    series.points[-12:] as points,
    gaps.gaps
from numbered
inner join shown_indicator_values as v
    using (
        indicator_id, area_code, period_type, period_start, period_end,
        sex, age, segment, breakdown_type, breakdown, origin
    )
left join against_england as c
    using (
        indicator_id, area_code, period_type, period_start, period_end,
        sex, age, segment, breakdown_type, breakdown, origin
    )
left join trends as t
    on
        numbered.indicator_id = t.indicator_id
        and numbered.area_code = t.area_code
        and numbered.period_type = t.period_type
        and numbered.sex = t.sex
        and numbered.age = t.age
        and numbered.segment = t.segment
        and numbered.breakdown_type = t.breakdown_type
        and numbered.breakdown = t.breakdown
        and numbered.origin = t.origin
        and numbered.period_start = coalesce(t.last_period_start, numbered.period_start)
left join (
    select * from goals
    qualify row_number() over (
        partition by indicator_id, area_code, period_type, period_start, period_end, sex, age
        order by framework nulls last, goal_id
    ) = 1
) as g
    on
        numbered.indicator_id = g.indicator_id
        and numbered.area_code = g.area_code
        and numbered.period_type = g.period_type
        and numbered.period_start = g.period_start
        and numbered.period_end = g.period_end
        and numbered.sex = g.sex
        and numbered.age = g.age
        -- A goal is set for everybody.
        and numbered.segment = 'all'
left join series using (row_id)
left join gaps using (row_id)
order by row_id;

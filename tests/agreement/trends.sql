{# Our trend of each series beside the publisher's word on its latest row, with the test of counts
   for proportions, as Fingertips makes it, or that of limits for all, as FingertipsNext does. #}
with series as (
    select
        *,
        concat_ws(' ', edition, indicator_code, area_code, sex, age, category_type, category) as series_id
    from published
),

ours as (
    {{ method_recent_trend(
        'series', ['series_id'], 'start_year', "value_type = 'proportion'",
        by_counts="value_type = 'proportion'" if rule == 'counts' else 'false',
    ) }}
),

words as (
    select
        series_id,
        any_value(edition) as edition,
        any_value(indicator_code) as indicator_code,
        any_value(indicator_id) as indicator_id,
        any_value(value_type) as value_type,
        any_value(pooled_years) as pooled_years,
        any_value(area_code) as area_code,
        arg_max(nullif(recent_trend, ''), start_year) as word,
        count(*) as periods,
        count(lower_95) as periods_with_limits,
        count(*) filter (numerator is not null and denominator is not null) as periods_with_counts
    from series
    group by series_id
),

spoken as (
    select
        words.*,
        -- Words with a judgement have it from the polarity, which says nothing where there is none.
        case
            when ours.status_reason is not null then 'Cannot be calculated'
            when direction = 'no_change' then 'No significant change'
            else upper(direction[1]) || direction[2:] || case judgement
                when 'better' then ' and getting better'
                when 'worse' then ' and getting worse'
                else ''
            end
        end as our_word,
        ours.status_reason,
        ours.direction
    from words
    inner join ours using (series_id)
    where word is not null
)

select
    '{{ rule }}' as rule,
    (edition = 'Fingertips CSV') = ('{{ rule }}' = 'counts') as is_own_rule,
    edition,
    indicator_code,
    indicator_id,
    area_code,
    word,
    our_word,
    case
        when reason is not null then 'not_comparable'
        when word = our_word then 'matched'
        else 'differs'
    end as verdict,
    coalesce(reason, case when word <> our_word then 'not found out' end) as reason
from (
    select
        *,
        case
            when periods < 5 then 'the file has fewer than five periods of it'
            when word = 'Cannot be calculated' and status_reason is not null
                then 'neither has one: ' || status_reason
            when status_reason is not null then 'we have none: ' || status_reason
            when word <> 'Cannot be calculated' then null
            when value_type in ('isr', 'isr_ratio') then 'the publisher has none for indirectly standardised values'
            when periods_with_counts < 5 then 'the publisher has none where no counts are printed'
        end as reason
    from spoken
)

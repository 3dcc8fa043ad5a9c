{% set series = series_columns() %}

-- One row per value that stands as it stood, with what it is compared by, and yet would be judged
-- otherwise: 1 where its judgement against England or the trend of its series turns. The same code, registry
-- and seeds make the same of the same figures: unless they changed, only what is held for it is looked at.
with numbered as (
    select
        *,
        {{ hash_of(series) }} as series_id
    from {{ ref('candidate_values') }}
),

asked as (
    select numbered.*
    from numbered
    cross join {{ source('run', 'last_release') }} as last_release
    where
        not last_release.is_same_code
        or numbered.series_id in (
            select series_id from {{ source('run', 'last_good') }}
            where is_turned
        )
),

past as (
    select
        {{ hash_of(key_columns()) }} as row_id,
        {{ hash_of(series) }} as series_id,
        value,
        lower_95,
        upper_95,
        numerator,
        denominator,
        -- A last good value stands as it was published.
        case when status = 'held' and value is not null then 'published' else status end as status
    from {{ source('run', 'previous_values') }}
    where {{ hash_of(series) }} in (select series_id from asked)
),

compared as (
    select
        now.row_id,
        before.judgement as judged_before,
        {{ judgement(
            'now.value', 'now.lower_95', 'now.upper_95', 'england.value',
            'case when indicators.is_polarity_confirmed then indicators.polarity end'
        ) }} as judged_now
    from asked as now
    inner join past on now.row_id = past.row_id
    inner join {{ source('run', 'previous_judgements') }} as before on now.row_id = before.row_id
    inner join {{ ref('int_indicators') }} as indicators on now.indicator_id = indicators.indicator_id
    {{ beside_england('now', 'england') }}
    where
        past.status = 'published'
        and now.value = past.value
        and now.lower_95 is not distinct from past.lower_95
        and now.upper_95 is not distinct from past.upper_95
        and england.value = before.comparator_value
),

-- Series of which no point moved, came or went.
sums_before as (
    select
        series_id,
        count(*) as points,
        sum(hash(row_id, value, lower_95, upper_95, numerator, denominator, status)) as digest
    from past
    group by series_id
),

unmoved as (
    select
        now.series_id,
        arg_max(now.row_id, now.period_start) as row_id
    from asked as now
    inner join sums_before on now.series_id = sums_before.series_id
    group by now.series_id, sums_before.points, sums_before.digest
    having
        count(*) = sums_before.points
        and sum(hash(
            now.row_id, now.value, now.lower_95, now.upper_95, now.numerator, now.denominator,
            cast(now.status as varchar)
        )) = sums_before.digest
),

standing as (
    select now.*
    from asked as now
    semi join unmoved on now.series_id = unmoved.series_id
),

{{ trend_points(ref('candidate_values'), 'standing', series) }},

measured as (
    {{ method_recent_trend(
        'points', series, period='period_start', is_proportion='by_counts', refusal='refusal'
    ) }}
),

trends as (
    select
        unmoved.row_id,
        before.direction || ' ' || before.judgement as judged_before,
        measured.direction || ' ' || measured.judgement as judged_now
    from measured
    inner join unmoved on {{ hash_of(series) }} = unmoved.series_id
    inner join {{ source('run', 'previous_trends') }} as before on unmoved.series_id = before.series_id
),

both_ways as (
    select * from compared
    union all
    select * from trends
)

select
    row_id,
    max(cast(coalesce(judged_now, 'none') <> judged_before as double)) as turned_alone
from both_ways
group by row_id

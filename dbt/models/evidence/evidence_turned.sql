{% set series = series_columns() %}

-- One row per value that stands as it stood, with what it is compared by, and yet would be judged
-- otherwise: 1 where its judgement against England or the trend of its series turns. The same code, registry
-- and seeds make the same of the same figures: nothing is looked at unless they changed.
with other_code as (
    select release_id
    from {{ source('run', 'last_release') }}
    where not is_same_code
),

past as (
    select
        hash({{ key_list() }}) as row_id,
        hash({{ series | join(', ') }}) as series_id,
        value,
        lower_95,
        upper_95,
        numerator,
        denominator,
        status
    from {{ source('run', 'previous_values') }}
    cross join other_code
),

now as (
    select
        candidates.*,
        hash({% for column in series %}candidates.{{ column }}{{ ', ' if not loop.last }}{% endfor %}) as series_id
    from {{ ref('candidate_values') }} as candidates
    cross join other_code
),

compared as (
    select
        now.row_id,
        before.judgement as judged_before,
        {{ judgement(
            'now.value', 'now.lower_95', 'now.upper_95', 'england.value',
            'case when indicators.is_polarity_confirmed then indicators.polarity end'
        ) }} as judged_now
    from now
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
    from now
    inner join sums_before on now.series_id = sums_before.series_id
    group by now.series_id, sums_before.points, sums_before.digest
    having
        count(*) = sums_before.points
        and sum(hash(
            now.row_id, now.value, now.lower_95, now.upper_95, now.numerator, now.denominator, now.status
        )) = sums_before.digest
),

standing as (
    select now.*
    from now
    semi join unmoved on now.series_id = unmoved.series_id
),

{{ trend_points(ref('candidate_values'), 'standing', series) }},

measured as (
    {{ method_recent_trend(
        'points', series, period='period_start', is_proportion='is_proportion', by_counts='by_counts',
        refusal='refusal'
    ) }}
),

trends as (
    select
        unmoved.row_id,
        before.direction || ' ' || before.judgement as judged_before,
        measured.direction || ' ' || measured.judgement as judged_now
    from measured
    inner join unmoved on hash({{ series | join(', ') }}) = unmoved.series_id
    inner join {{ source('run', 'previous_trends') }} as before on unmoved.series_id = before.series_id
)

select
    row_id,
    max(cast(coalesce(judged_now, 'none') <> judged_before as double)) as turned_alone
from (
    select * from compared
    union all
    select * from trends
)
group by row_id

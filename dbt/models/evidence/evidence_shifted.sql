{% set series = series_columns() %}

-- One row per indicator, source and period of which values are new or moved: the share of those, of all its
-- periods, that are what was published for the period before. A file whose periods are all labelled a year late repeats
-- nothing within itself; what was published tells it.
with past as (
    select
        {{ hash_of(key_columns()) }} as row_id,
        hash({{ hash_of(series) }}, period_end + 1) as following_id,
        value,
        numerator,
        denominator
    from {{ source('run', 'previous_values') }}
    where status in ('published', 'held') and value is not null
),

new_or_moved as (
    select candidates.*
    from {{ ref('candidate_values') }} as candidates
    left join past on candidates.row_id = past.row_id
    -- None and all are the same again by their nature.
    where candidates.status = 'published' and candidates.value <> 0 and candidates.value is distinct from past.value
),

repeated as (
    select
        new_or_moved.indicator_id,
        new_or_moved.source_id,
        new_or_moved.period_type,
        (
            new_or_moved.value = past.value
            and new_or_moved.numerator is not distinct from past.numerator
            and new_or_moved.denominator is not distinct from past.denominator
        ) as is_repeat
    from new_or_moved
    inner join past
        on past.following_id = hash({{ hash_of(series, 'new_or_moved.') }}, new_or_moved.period_start)
),

shares as (
    select
        indicator_id,
        source_id,
        period_type,
        -- Two may be the same by chance wherever there are few.
        greatest(count(*) filter (where is_repeat) - 2, 0) / count(*) as shifted_share
    from repeated
    group by indicator_id, source_id, period_type
)

select
    new_or_moved.indicator_id,
    new_or_moved.source_id,
    new_or_moved.period_type,
    new_or_moved.period_start,
    new_or_moved.period_end,
    any_value(shares.shifted_share) as shifted_share,
    count(*) as n_compared
from new_or_moved
inner join shares
    on
        new_or_moved.indicator_id = shares.indicator_id
        and new_or_moved.source_id = shares.source_id
        and new_or_moved.period_type = shares.period_type
group by
    new_or_moved.indicator_id, new_or_moved.source_id, new_or_moved.period_type,
    new_or_moved.period_start, new_or_moved.period_end

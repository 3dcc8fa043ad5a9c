-- One row per value that was published and has moved since: how far, in steps of what its kind may move
-- without a word (seeds/revision_limits.csv), and whether its judgement against England turned.
-- The release before is the last that stands; a held value there is its last good one.
with past as (
    select
        {{ hash_of(key_columns()) }} as row_id,
        value
    from {{ source('run', 'previous_values') }}
    where status in ('published', 'held') and value is not null
),

moved as (
    select
        candidates.*,
        past.value as value_before
    from {{ ref('candidate_values') }} as candidates
    inner join past on candidates.row_id = past.row_id
    where candidates.status = 'published' and {{ finite('candidates.value') }} <> past.value
),

limited as (
    select
        moved.row_id,
        moved.value,
        moved.value_before,
        greatest(
            coalesce(
                cast(exact.limit_absolute as double),
                cast(exact.limit_pct as double) / 100 * abs(moved.value_before),
                cast(usual.limit_absolute as double),
                cast(usual.limit_pct as double) / 100 * abs(moved.value_before)
            ),
            -- What a source prints may move by the step that it prints in.
            cast(coalesce(rounded_so.value_step, rounded.value_step, '0') as double),
            1e-9
        ) as may_move
    from moved
    left join {{ ref('revision_limits') }} as exact on moved.indicator_id = exact.indicator_id
    left join {{ ref('revision_limits') }} as usual
        on moved.value_type = usual.value_type and usual.indicator_id is null
    left join {{ ref('rounding') }} as rounded_so
        on moved.source_id = rounded_so.source_id and moved.indicator_id = rounded_so.indicator_id
    left join {{ ref('rounding') }} as rounded
        on moved.source_id = rounded.source_id and rounded.indicator_id is null
),

judged as (
    select
        moved.row_id,
        before.judgement as judged_before,
        {{ judgement(
            'moved.value', 'moved.lower_95', 'moved.upper_95', 'england.value',
            'case when indicators.is_polarity_confirmed then indicators.polarity end'
        ) }} as judged_now
    from moved
    inner join {{ source('run', 'previous_judgements') }} as before on moved.row_id = before.row_id
    inner join {{ ref('int_indicators') }} as indicators on moved.indicator_id = indicators.indicator_id
    {{ beside_england('moved', 'england') }}
)

select
    limited.row_id,
    limited.value_before,
    limited.value as value_now,
    -- Judged on both sides: what isn't compared any more is told by its own refusal.
    abs(limited.value - limited.value_before) / limited.may_move as revision_size,
    max(
        case
            when judged.judged_now not in ('not_compared', 'no_judgement')
                then cast(judged.judged_now <> judged.judged_before as double)
        end
    ) as judgement_turned
from limited
left join judged on limited.row_id = judged.row_id
group by limited.row_id, limited.value, limited.value_before, limited.may_move

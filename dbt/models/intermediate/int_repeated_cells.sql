-- One row for each key that several extracts or sources speak of: the one that stands, and in how
-- many ways those that can't be put in order differ from it.
with repeated as (
    select
        observations.*,
        cast(sources.rank as integer) as source_rank
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('sources') }} as sources using (source_id)
    where observations.row_id in (
        select row_id from {{ ref('int_observations') }}
        group by row_id
        having count(*) > 1
    )
),

best_ranked as (
    select *
    from repeated
    qualify source_rank = min(source_rank) over (partition by row_id)
),

-- A source may give one measure under two codes of its own (two profiles of Fingertips). One of them
-- stands, always the same; whether the other says the same is int_reconciled's to tell.
of_one_code as (
    select *
    from best_ranked
    qualify source_code = min(source_code) over (partition by row_id, source_id)
),

not_superseded as (
    select of_one_code.*
    from of_one_code
    where not exists (
        select 1
        from of_one_code as later
        inner join {{ ref('int_extract_order') }} as extract_order
            on later.extract_id = extract_order.later_id
        where
            later.row_id = of_one_code.row_id
            and extract_order.earlier_id = of_one_code.extract_id
    )
)

select
    not_superseded.*,
    count(distinct hash(value, lower_95, upper_95, lower_998, upper_998, numerator, denominator, status))
        over (partition by row_id)
    - 1 as conflict_count,
    -- Two keys with one hash can't be told apart by it: both are held rather than mixed up.
    count(distinct {{ "hash(" ~ key_list() ~ ", 'again')" }}) over (partition by row_id) - 1 as collision_count
from not_superseded
-- Which of those that can't be put in order stands is told by their bytes: never by when they landed.
inner join {{ ref('stg_ledger__extracts') }} as extracts using (extract_id)
qualify
    row_number() over (
        partition by not_superseded.row_id
        -- Where one of them hides it and their order isn't known, it is hidden.
        order by
            not_superseded.status = 'suppressed' desc,
            extracts.sha256 desc, extracts.period desc, not_superseded.source_id asc
    ) = 1

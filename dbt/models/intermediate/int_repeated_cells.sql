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

not_superseded as (
    {{ not_superseded('best_ranked') }}
)

select
    not_superseded.*,
    count(distinct hash(value, lower_95, upper_95, lower_998, upper_998, numerator, denominator, status))
        over (partition by row_id)
    - 1 as conflict_count,
    -- Two keys with one hash can't be told apart by it: both are held rather than mixed up.
    count(distinct {{ "hash(" ~ key_list() ~ ", 'again')" }}) over (partition by row_id) - 1 as collision_count
from not_superseded
inner join {{ ref('stg_ledger__extracts') }} as extracts using (extract_id)
qualify
    row_number() over (
        partition by not_superseded.row_id
        order by {{ standing_first('not_superseded', 'extracts') }}
    ) = 1

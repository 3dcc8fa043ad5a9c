{% set figures = ['value', 'lower_95', 'upper_95', 'lower_998', 'upper_998', 'numerator', 'denominator'] %}

-- One row for each key that several extracts or sources speak of: the one that stands, and in how
-- many ways those that can't be put in order differ from it.
with repeated as (
    select
        observations.*,
        cast(sources.rank as integer) as source_rank
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('sources') }} as sources using (source_id)
    where observations.row_id in (
        -- Rows that lie beside each other are numbered at half the cost of being counted as groups of one.
        select row_id from {{ ref('int_observations') }}
        qualify row_number() over (partition by row_id) = 2
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
    {{ not_superseded('of_one_code') }}
),

contradicted as (
    select *
    from not_superseded
    qualify count(*) over (partition by row_id) > 1
),

-- A copy with fewer decimals contradicts nothing and says less: the one that it was rounded from stands.
rounded as (
    select distinct
        coarse.row_id,
        coarse.extract_id
    from contradicted as coarse
    inner join contradicted as fine
        on coarse.row_id = fine.row_id and coarse.extract_id <> fine.extract_id
    where
        coarse.status = fine.status
        and coarse.value is not null
        and {{ says_less('coarse', 'fine') }}
),

standing as (
    select not_superseded.*
    from not_superseded
    anti join rounded
        on not_superseded.row_id = rounded.row_id and not_superseded.extract_id = rounded.extract_id
)

select
    standing.*,
    count(distinct hash({{ figures | join(', ') }}, status))
        over (partition by row_id)
    - 1 as conflict_count,
    -- Two keys with one hash can't be told apart by it: both are held rather than mixed up.
    count(distinct {{ "hash(" ~ key_list() ~ ", 'again')" }}) over (partition by row_id) - 1 as collision_count
from standing
inner join {{ ref('stg_ledger__extracts') }} as extracts using (extract_id)
qualify
    row_number() over (
        partition by standing.row_id
        -- One extract may give a key twice: whatever order its rows are read in, the same one stands.
        order by
            {{ standing_first('standing', 'extracts') }},
            {% for figure in figures -%}
                standing.{{ figure }},
            {% endfor -%}
            standing.status, standing.status_reason,
            -- What asks for caution stands before what says nothing.
            standing.is_recast_area desc, standing.is_combined_area desc,
            standing.population_basis, standing.period_label, standing.source_code, standing.method
    ) = 1

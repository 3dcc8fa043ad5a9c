-- A measure published more than once, by several sources or under several of a publisher's codes: the
-- publication that stands (left) beside each other (right), figure by figure. They agree where they are
-- no further apart than the coarser one's rounding. What either hides shows no figure here.
-- Few values are published twice: only those are read.
{% set series = [
    'indicator_id', 'area_code', 'period_type', 'sex', 'age', 'segment', 'breakdown_type', 'breakdown', 'origin',
    'left_source_id', 'left_source_code', 'right_source_id', 'right_source_code',
] %}
{% set figures = ['value', 'lower_95', 'upper_95', 'numerator', 'denominator'] %}
with spoken as (
    select observations.*
    from {{ ref('int_observations') }} as observations
    where observations.row_id in (select row_id from {{ ref('int_repeated_cells') }})
),

-- Of a publication's own extracts one speaks, in the order of int_repeated_cells.
publications as (
    select
        spoken.*,
        cast(sources.rank as integer) as source_rank
    from spoken
    inner join {{ ref('sources') }} as sources using (source_id)
    inner join {{ ref('stg_ledger__extracts') }} as extracts using (extract_id)
    where
        cast(sources.is_public as boolean)
        and not exists (
            select 1
            from spoken as later
            inner join {{ ref('int_extract_order') }} as extract_order
                on later.extract_id = extract_order.later_id
            where
                later.row_id = spoken.row_id
                and later.source_code = spoken.source_code
                and extract_order.earlier_id = spoken.extract_id
        )
    qualify
        row_number() over (
            partition by spoken.row_id, spoken.source_id, spoken.source_code
            order by
                {{ standing_first('spoken', 'extracts') }},
                {% for figure in figures -%}
                    spoken.{{ figure }},
                {% endfor -%}
                spoken.status, spoken.period_label
        ) = 1
),

precise as (
    select
        *,
        -- A publisher may round one year's figures, or one level's, otherwise than another's.
        {{ decimals_given('value', [
            'indicator_id', 'source_id', 'source_code', 'area_type', 'period_type', 'period_start', 'period_end'
        ]) }} as decimals_given
    from publications
),

ordered as (
    select
        *,
        row_number() over (partition by row_id order by source_rank, source_id, source_code) as nth
    from precise
),

pairs as (
    select
        {{ key_list('standing.') }},
        standing.row_id,
        standing.area_type,
        standing.period_label,
        standing.source_id as left_source_id,
        standing.source_code as left_source_code,
        other.source_id as right_source_id,
        other.source_code as right_source_code,
        'suppressed' in (standing.status, other.status) as is_hidden,
        {% for figure in figures %}
            case when 'suppressed' not in (standing.status, other.status) then standing.{{ figure }} end
                as left_{{ figure }},
            case when 'suppressed' not in (standing.status, other.status) then other.{{ figure }} end
                as right_{{ figure }},
        {% endfor %}
        {{ half_a_unit('least(standing.decimals_given, other.decimals_given)') }} as rounding
    from ordered as standing
    inner join ordered as other on standing.row_id = other.row_id
    where standing.nth = 1 and other.nth > 1
),

judged as (
    select
        *,
        {{ same_but_for_rounding('left_value', 'right_value', 'rounding') }} as agrees
    from pairs
),

with_last as (
    select
        *,
        max(case when agrees then period_start end) over (partition by {{ series | join(', ') }}) as last_agreed
    from judged
)

select
    * exclude (last_agreed),
    -- The first period from which on the two have always differed; none where the newest agree.
    min(case when not agrees and period_start > coalesce(last_agreed, date '1900-01-01') then period_start end)
        over (partition by {{ series | join(', ') }})
        as differs_since
from with_last

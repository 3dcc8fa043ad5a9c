-- How many went from which segment to which in each period, those who died, left or came with them.
with first_day as (
    select
        periods.period_start,
        periods.period_end,
        segments.person_id,
        segments.segment
    from {{ ref('int_linked__segments') }} as segments
    inner join {{ ref('int_linked__periods') }} as periods on segments.as_at = periods.period_start
),

next_first_day as (
    select
        periods.period_start,
        periods.period_end,
        segments.person_id,
        segments.segment
    from {{ ref('int_linked__segments') }} as segments
    inner join {{ ref('int_linked__periods') }} as periods on segments.as_at = periods.period_end + 1
)

select
    coalesce(first_day.period_start, next_first_day.period_start) as period_start,
    coalesce(first_day.segment, 'not here') as from_segment,
    case
        when next_first_day.segment is not null then next_first_day.segment
        when people.died_on <= first_day.period_end then 'died'
        else 'left'
    end as to_segment,
    count(*) as people
from first_day
full outer join next_first_day
    on first_day.period_start = next_first_day.period_start and first_day.person_id = next_first_day.person_id
inner join {{ ref('int_linked__people') }} as people
    on coalesce(first_day.person_id, next_first_day.person_id) = people.person_id
group by
    coalesce(first_day.period_start, next_first_day.period_start),
    coalesce(first_day.segment, 'not here'),
    case
        when next_first_day.segment is not null then next_first_day.segment
        when people.died_on <= first_day.period_end then 'died'
        else 'left'
    end

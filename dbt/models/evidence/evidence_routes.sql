-- One row per value that we work out ourselves and a publisher prints as well: how far apart the two
-- are, as a share of the printed one.
with ours as (
    select *
    from {{ ref('candidate_values') }}
    where origin = 'computed' and value is not null
),

places as (
    select distinct
        indicator_id,
        area_code
    from ours
),

-- Most of what is printed is of indicators and areas of which nothing is worked out.
printed as materialized (
    select printed.*
    from {{ ref('candidate_values') }} as printed
    semi join places using (indicator_id, area_code)
    where printed.origin = 'published' and printed.value is not null
)

select
    ours.row_id,
    min(abs(ours.value - printed.value) / greatest(abs(printed.value), 1e-9)) as route_gap
from ours
inner join printed
    on
        ours.indicator_id = printed.indicator_id
        and ours.area_code = printed.area_code
        and ours.period_type = printed.period_type
        and ours.period_start = printed.period_start
        and ours.period_end = printed.period_end
        and ours.sex = printed.sex
        and ours.segment = printed.segment
        and ours.breakdown_type = printed.breakdown_type
        -- Publishers name the age of a register in different words; the indicator has but one.
        and ours.breakdown = printed.breakdown
group by ours.row_id

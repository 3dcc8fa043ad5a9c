-- What each area that has ended is today: one row per tier, area and area of today. `kind` is a recode
-- (one for one), merge, split, or redraw (the border moved). `share` is the part of the old area's people
-- that the area of today has: 1 for the whole of it, else by people where those are landed, else as
-- area_redraws measured it, else equal parts, which is_estimated says.
with leads as (
    select
        *,
        count(*) over (partition by predecessor_tier, area_tier, area_code) as parts
    from {{ ref('int_area_leads') }}
),

beside as (
    select distinct
        one.predecessor_tier,
        one.area_tier,
        one.area_code,
        one.current_code
    from leads as one
    inner join leads as other
        on
            one.predecessor_tier = other.predecessor_tier
            and one.area_tier = other.area_tier
            and one.current_code = other.current_code
            and one.area_code <> other.area_code
            and one.valid_from <= other.valid_to
            and other.valid_from <= one.valid_to
),

measured as (
    select
        leads.*,
        redraws.area_code is not null as is_redrawn,
        beside.area_code is not null as is_merged,
        leads.parts > 1 or redraws.area_code is not null as is_in_parts,
        coalesce(shares.share, cast(redraws.share as double)) as measured_share,
        coalesce(shares.share_basis, case when redraws.share is not null then 'registered' end) as measured_by
    from leads
    left join beside using (predecessor_tier, area_tier, area_code, current_code)
    left join {{ ref('area_redraws') }} as redraws
        on leads.area_code = redraws.area_code and leads.current_code = redraws.current_code
    left join {{ ref('int_area_shares') }} as shares
        on
            leads.predecessor_tier = shares.area_tier
            and leads.area_tier = shares.area_tier
            and leads.area_code = shares.area_code
            and leads.current_code = shares.current_code
),

of_own_tier as (
    select
        area_tier,
        predecessor_tier,
        area_code,
        valid_from,
        valid_to,
        current_code,
        case
            when is_redrawn then 'redraw'
            when parts > 1 then 'split'
            when is_merged then 'merge'
            else 'recode'
        end as kind,
        case when is_in_parts then coalesce(measured_share, 1.0 / parts) else 1.0 end as share,
        case when is_in_parts then coalesce(measured_by, 'equal') else 'whole' end as share_basis,
        is_in_parts and measured_by is null as is_estimated
    from measured
),

-- A CCG is where its sub-ICB is: a board has those of its sub-ICBs.
of_boards as (
    select
        'icb' as area_tier,
        changes.predecessor_tier,
        changes.area_code,
        changes.valid_from,
        changes.valid_to,
        sub_icbs.parent_code as current_code,
        case
            when changes.kind in ('split', 'redraw') then changes.kind
            when changes.kind = 'recode' and boards.sub_icbs = 1 then 'recode'
            else 'merge'
        end as kind,
        changes.share,
        changes.share_basis,
        changes.is_estimated
    from of_own_tier as changes
    inner join {{ ref('int_areas') }} as sub_icbs on changes.current_code = sub_icbs.area_code
    inner join (
        select
            parent_code,
            count(*) as sub_icbs
        from {{ ref('int_areas') }}
        where area_kind = 'sub_icb' and valid_to is null
        group by parent_code
    ) as boards on sub_icbs.parent_code = boards.parent_code
    where changes.area_tier = 'sub_icb'
)

select * from of_own_tier
union all
select * from of_boards

-- The rows of `glance` with the shapes of their small charts: a line over time, and where the value lies among the
-- areas of its level. A site has them by the hundred thousand, so the engine draws them;
-- assets/charts_series.js draws the same for the explorer, and a test holds the two together.
create view drawn as
with known as (
    select
        glance.*,
        list_min(list_transform(points, lambda p: p.v)) as lowest,
        list_max(list_transform(points, lambda p: p.v)) as highest,
        greatest(len(points) - 1, 1) as steps,
        lo,
        q1,
        q3,
        hi,
        if(polarity = 'lower_is_better', -1, 1) as way,
        greatest(abs(lo - england), abs(hi - england)) as farthest
    from glance
    inner join indicators using (indicator_id)
    left join spines
        using (indicator_id, area_type, period_type, period_start, period_end, sex, age, origin)
),

placed as (
    select
        * exclude (points),
        -- In half pixels of a box of 200 to 48: from left to right 8 to 188, from top to bottom 10 to 38.
        list_filter(
            list_transform(points, lambda p, n: {
                'x': cast(round(8 + (n - 1) * 180 / steps) as integer),
                'y': case
                    when p.v is null then null
                    when highest = lowest then 24
                    else cast(round(38 - (p.v - lowest) / (highest - lowest) * 28) as integer)
                end,
                'joins': n > 1 and points[n - 1].v is not null and not coalesce(p.b, false)
            }), lambda p: p.y is not null
        ) as spots,
        -- In a box of 220 to 24: England is in the middle, better lies to the right, either end may be at an edge.
        list_transform(
            [
                least(way * lo, way * hi), greatest(way * lo, way * hi),
                least(way * q1, way * q3), greatest(way * q1, way * q3), way * value
            ],
            lambda v: cast(
                round(least(212, greatest(8, 110 + (v - way * england) / farthest * 102))) as integer
            )
        ) as places
    from known
)

select
    * exclude (lowest, highest, steps, lo, q1, q3, hi, way, farthest, spots, places),
    -- Lifted over what is missing and at breaks; what stands alone is a dot.
    case
        when len(spots) > 1 then replace(array_to_string(list_transform(
            spots,
            lambda p, n: case
                when p.joins
                    then 'l' || p.x - spots[n - 1].x || if(p.y < spots[n - 1].y, '', ' ') || p.y - spots[n - 1].y
                else 'M' || p.x || ' ' || p.y || 'h.1'
            end
        ), ''), 'h.1l', 'l')
    end as spark,
    -- None where the release doesn't compare the value with England: a place on it would judge. England's value may
    -- be there all the same, where only limits are missing.
    case
        when judgement <> 'not_compared' and hi > lo and value is not null and england is not null then places
    end as spread
from placed;

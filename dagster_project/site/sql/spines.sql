-- Where the areas of one level lie, everybody in each, of the values that are shown and no others: what a spine is drawn
-- on. Of fewer than five there is none.
create table spines as
select
    indicator_id, area_type, period_type, period_start, period_end, sex, age, origin,
    min(value) as lo,
    quantile_cont(value, 0.25) as q1,
    quantile_cont(value, 0.75) as q3,
    max(value) as hi
from glance
where status = 'published' and value is not null and segment = 'all'
group by all
having count(*) >= 5;

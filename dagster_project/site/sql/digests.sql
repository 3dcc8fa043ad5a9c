-- What each row of `glance` says, as a number: of the row itself, and of the spine it is drawn on. A row's
-- own number isn't in it, since one row more would change those of all after it.
create table digests as
select
    glance.row_id,
    hash(*columns(glance.* exclude (row_id))) as said,
    hash(spines.lo, spines.q1, spines.q3, spines.hi) as spine
from glance
left join spines
    using (indicator_id, area_type, period_type, period_start, period_end, sex, age, origin);

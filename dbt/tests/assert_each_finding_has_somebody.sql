-- Each finding of a check has an owner with a mailbox: what reaches nobody is mended by nobody. Returns
-- those that haven't.
select
    check_id,
    indicator_id,
    source_id
from {{ ref('findings') }}
where mailbox is null

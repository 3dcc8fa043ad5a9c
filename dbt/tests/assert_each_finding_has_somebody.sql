-- Each finding of a check has an owner with a mailbox of the registry: what reaches nobody is mended by
-- nobody. Returns those that haven't.
select
    findings.check_id,
    findings.indicator_id,
    findings.source_id
from {{ ref('findings') }} as findings
left join {{ ref('owners') }} as owners on findings.mailbox = owners.mailbox
where owners.mailbox is null

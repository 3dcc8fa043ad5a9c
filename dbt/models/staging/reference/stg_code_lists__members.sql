select
    members.extract_id,
    -- nhsd-primary-care-domain-refsets-dm_cod.csv holds the list dm_cod.
    regexp_extract(
        extracts.relative_path, '([^/!]*?refsets-)?([^/!]+?)(\.csv)?$', 2
    ) as list_name,
    members.code,
    {{ plain_text('members.term') }} as term,
    members.group_of_16,
    members.group_of_6
from {{ source('reference', 'code_list_members') }} as members
inner join {{ source('ledger', 'extracts') }} as extracts using (extract_id)

-- The codes of each list, as ranges of what a code begins with. Where the whole of a primary care cluster
-- has landed as a code list of its own, it takes the place of the few codes that stand here.
with landed as (
    select
        upper(members.list_name) as code_list,
        members.code
    from {{ ref('stg_code_lists__members') }} as members
    inner join {{ ref('int_latest_extracts') }} as extracts on members.extract_id = extracts.extract_id
)

select
    lists.code_list,
    lists.coding,
    codes.code_from,
    codes.code_to
from {{ ref('code_lists') }} as lists
inner join {{ ref('code_list_codes') }} as codes on lists.code_list = codes.code_list
where lists.code_list not in (select code_list from landed)
union all
select distinct
    lists.code_list,
    lists.coding,
    landed.code as code_from,
    landed.code as code_to
from {{ ref('code_lists') }} as lists
inner join landed on lists.code_list = landed.code_list

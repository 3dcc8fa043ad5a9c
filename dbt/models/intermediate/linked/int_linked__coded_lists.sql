-- Which lists each code that stands in a record is on. A list's code means itself and all that begin with
-- it, and a range all that begin with anything from its first to its last.
with codes as (
    select distinct
        'icd10' as coding,
        code
    from {{ ref('int_linked__diagnoses') }}
    union all
    select distinct
        'opcs4' as coding,
        code
    from {{ ref('int_linked__procedures') }}
    union all
    select distinct
        'death' as coding,
        underlying_cause as code
    from {{ ref('int_linked__deaths') }}
    where underlying_cause is not null
)

select distinct
    codes.coding,
    codes.code,
    lists.code_list
from codes
inner join {{ ref('int_code_list_codes') }} as lists
    on
        lists.coding = case when codes.coding = 'death' then 'icd10' else codes.coding end
        and substring(codes.code, 1, length(lists.code_from)) >= lists.code_from
        and substring(codes.code, 1, length(lists.code_to)) <= lists.code_to
        and length(codes.code) >= length(lists.code_from)

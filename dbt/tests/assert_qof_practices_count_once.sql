-- In the files that count a practice stands once a year, and once a year and register: one that stood
-- twice would double every level above it.
select
    'geography' as file,
    geography.period,
    geography.practice_code,
    '' as group_code
from {{ ref('stg_qof__practice_geography') }} as geography
inner join {{ ref('int_latest_extracts') }} using (extract_id)
group by geography.period, geography.practice_code
having count(*) > 1
union all
select
    'registers' as file,
    registers.period,
    registers.practice_code,
    registers.group_code
from {{ ref('stg_qof__registers') }} as registers
inner join {{ ref('int_latest_extracts') }} using (extract_id)
group by registers.period, registers.practice_code, registers.group_code
having count(*) > 1

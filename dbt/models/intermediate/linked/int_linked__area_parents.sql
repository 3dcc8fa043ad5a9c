-- The authority that practices and networks count to in linked records. A network that is spread over
-- several is in none.
select
    practice_code as area_code,
    utla_code
from {{ ref('int_linked__practices') }}
union all
select
    pcn_code as area_code,
    min(utla_code) as utla_code
from {{ ref('int_linked__practices') }}
where pcn_code <> 'Unknown'
group by pcn_code
having count(distinct utla_code) = 1

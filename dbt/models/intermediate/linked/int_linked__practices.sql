-- Each practice with the network, locality and authority that it counts to.
with extracts as (
    select extract_id from {{ ref('int_latest_extracts') }}
)

select
    practices.practice_code,
    coalesce(practices.pcn_code, 'Unknown') as pcn_code,
    coalesce(practices.locality, 'Unknown') as locality,
    practices.utla_code
from {{ ref('stg_gp__practices') }} as practices
inner join extracts on practices.extract_id = extracts.extract_id

-- The workbooks that have landed of each edition, in the order of the day that each says it was true,
-- then as extracts count. The last of them stands before the seed, whole; the others are history.
with workbooks as (
    select
        frameworks.extract_id,
        frameworks.framework,
        frameworks.edition,
        cast(frameworks.as_of as date) as as_of,
        row_number() over (
            partition by frameworks.framework, frameworks.edition
            order by cast(frameworks.as_of as date) desc, {{ latest_first('extracts') }}
        ) as nth,
        count(*) over (partition by frameworks.framework, frameworks.edition) as versions
    from {{ ref('stg_framework_workbooks__frameworks') }} as frameworks
    inner join {{ ref('stg_ledger__extracts') }} as extracts
        on frameworks.extract_id = extracts.extract_id
)

select
    extract_id,
    framework,
    edition,
    as_of,
    -- The seed's rows are version 0.
    cast(versions - nth + 1 as integer) as version,
    nth = 1 as is_current
from workbooks

{{ config(materialized='view') }}

-- What would be published if nothing failed: one row per key, small counts hidden. This is judged.
select chosen.*
from {{ ref('int_chosen_values') }} as chosen
anti join {{ ref('int_disclosed_values') }} as disclosed on chosen.row_id = disclosed.row_id
union all by name
select
    chosen.* replace (
        disclosed.value as value,
        disclosed.lower_95 as lower_95,
        disclosed.upper_95 as upper_95,
        disclosed.lower_998 as lower_998,
        disclosed.upper_998 as upper_998,
        disclosed.numerator as numerator,
        disclosed.denominator as denominator,
        cast(disclosed.status as {{ word_list('status') }}) as status,
        cast(disclosed.status_reason as {{ word_list('status_reason') }}) as status_reason
    )
from {{ ref('int_chosen_values') }} as chosen
inner join {{ ref('int_disclosed_values') }} as disclosed on chosen.row_id = disclosed.row_id

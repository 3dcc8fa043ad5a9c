-- What practices coded that some list asks for: of many rows a few.
with codes as (
    select
        code_list,
        code_from as code
    from {{ ref('int_code_list_codes') }}
    where coding = 'snomed'
),

extracts as (
    select extract_id from {{ ref('int_latest_extracts') }}
)

select
    observations.person_id,
    observations.observed_on,
    codes.code_list,
    observations.numeric_value,
    observations.comparator
from {{ ref('stg_gp__observations') }} as observations
inner join codes on observations.snomed_code = codes.code
inner join extracts on observations.extract_id = extracts.extract_id
where observations.observed_on is not null

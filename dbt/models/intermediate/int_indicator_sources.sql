-- How a publisher's own code leads to an indicator, with types. Codes are reused: the period
-- decides. FingertipsNext uses Fingertips' ids, and the compiled series ASCOF's codes.
with registered as (
    select
        source_id,
        source_code,
        edition,
        indicator_id,
        value_origin,
        coalesce(cast(period_from as date), date '1900-01-01') as period_from,
        coalesce(cast(period_to as date), date '9999-12-31') as period_to,
        sex,
        age,
        population_basis
    from {{ ref('indicator_sources') }}
)

select * from registered
union all
select * replace ('fingertips_next' as source_id) from registered
where source_id = 'fingertips'
union all
select * replace ('ascof_compiled' as source_id) from registered
where source_id = 'ascof'

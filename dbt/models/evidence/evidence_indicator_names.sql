-- One row per indicator code that an extract names: whether the name is the title of another registered
-- indicator of the source, and not its own. Publishers reword titles; only one that is exactly another's says
-- that the rows stand under the wrong code.
with registered as (
    select distinct
        sources.source_id,
        sources.source_code,
        sources.indicator_id,
        lower(trim(indicators.title)) as title
    from {{ ref('indicator_sources') }} as sources
    inner join {{ ref('int_indicators') }} as indicators on sources.indicator_id = indicators.indicator_id
    where sources.source_id = 'fingertips'
),

named as (
    select
        extract_id,
        indicator_code,
        lower(trim(indicator_name)) as indicator_name
    from {{ ref('stg_fingertips__named_indicators') }}
    where indicator_name is not null
)

select
    named.extract_id,
    named.indicator_code,
    cast(bool_or(others.source_code is not null) and not bool_or(own.title = named.indicator_name) as double)
        as indicator_misnamed
from named
inner join registered as own on named.indicator_code = own.source_code
left join registered as others
    on named.indicator_name = others.title and named.indicator_code <> others.source_code
group by named.extract_id, named.indicator_code

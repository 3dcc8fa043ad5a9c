-- Which indicator a file holds stands in its name: NHSOF_{code}_{number}_D, with a version behind it
-- where the file was issued again.
{%- set name = "'(?i)NHSOF_([0-9][0-9a-z.]*)_(I[0-9]{5})_D(?:_V([0-9]+))?'" %}
with named as (
    select
        extract_id,
        regexp_extract(relative_path, {{ name }}, ['code', 'number', 'version']) as file
    from {{ source('ledger', 'extracts') }}
    where source_id = 'nhsof'
)

select
    indicator_data.extract_id,
    lower(named.file.code) as indicator_code,
    upper(named.file.number) as indicator_number,
    coalesce(try_cast(named.file.version as integer), 1) as file_version,
    -- Footnote digits are glued to the year: 20123 is 2012 with note 3, 2012/132 is 2012/13.
    regexp_extract(
        trim(indicator_data.year), '^((19|20)[0-9]{2}( ?- ?(19|20)[0-9]{2}|/[0-9]{2}| ?- ?[0-9]{2})?)', 1
    ) as period_label,
    trim(indicator_data.quarter) as quarter,
    {{ plain_text('indicator_data.breakdown') }} as breakdown_type,
    {{ plain_text('indicator_data.level') }} as level,
    {{ plain_text('indicator_data.level_description') }} as level_description,
    {{ plain_text('indicator_data.sex') }} as sex,
    {{ plain_text('indicator_data.age') }} as age,
    indicator_data.value,
    indicator_data.value_marker as marker,
    indicator_data.lower_95,
    indicator_data.upper_95,
    coalesce(indicator_data.numerator, indicator_data.observed) as numerator,
    coalesce(indicator_data.denominator, indicator_data.population) as denominator
from {{ source('nhsof', 'nhsof_values') }} as indicator_data
inner join named using (extract_id)

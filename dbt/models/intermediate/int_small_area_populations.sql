{{ config(materialized='view') }}

-- People of each small area by age band: one row per area as drawn in 2011 or 2021, mid-year and band.
-- There are estimates for the areas of 2011 only; those of 2021 take their share of them.
{%- set bands = [('All ages', ['all_ages'])] %}
{%- for start in range(0, 90, 5) %}
    {%- set ages = [] %}
    {%- for age in range(start, start + 5) %}{% do ages.append('age_' ~ age) %}{% endfor %}
    {%- do bands.append((start ~ '-' ~ (start + 4), ages)) %}
{%- endfor %}
{%- do bands.append(('90+', ['age_90'])) %}
with estimates as (
    select populations.*
    from {{ ref('stg_ons__small_area_populations') }} as populations
    inner join {{ ref('int_latest_extracts') }} using (extract_id)
    where populations.lsoa11_code like 'E01%'
),

banded as (
    {%- for band, ages in bands %}
        select
            lsoa11_code,
            mid_year,
            '{{ band }}' as age_band,
            {{ ages | join(' + ') }} as persons
        from estimates
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    2011 as lsoa_year,
    lsoa11_code as lsoa_code,
    mid_year,
    age_band,
    persons
from banded
union all
select
    2021 as lsoa_year,
    changes.lsoa21_code as lsoa_code,
    banded.mid_year,
    banded.age_band,
    sum(changes.share_of_2011 * banded.persons) as persons
from banded
inner join {{ ref('int_small_area_changes') }} as changes
    on banded.lsoa11_code = changes.lsoa11_code
group by changes.lsoa21_code, banded.mid_year, banded.age_band

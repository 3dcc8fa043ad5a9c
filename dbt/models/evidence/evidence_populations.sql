-- One row per value whose denominator counts residents of an age that population estimates are made
-- of: by how much more people it counts than lived there, as a share of these.
with bands as (
    select
        mid_year,
        area_code,
        sex,
        persons,
        cast(regexp_extract(age_band, '^[0-9]+') as integer) as first_year,
        case
            when age_band like '%+' then 999
            else cast(regexp_extract(age_band, '[0-9]+$') as integer)
        end as last_year
    from {{ ref('int_populations') }}
    where age_band <> 'All ages'
),

-- Ages whose ends are those of five-year bands: of others the population isn't known.
ages as (
    select distinct
        age,
        first_year,
        last_year
    from {{ ref('evidence_cuts') }}
    where first_year % 5 = 0 and (last_year = 999 or (last_year % 5 = 4 and last_year < 90))
),

populations as (
    select
        bands.mid_year,
        bands.area_code,
        bands.sex,
        ages.age,
        {{ steady_sum('bands.persons') }} as persons
    from bands
    inner join ages on bands.first_year >= ages.first_year and bands.last_year <= ages.last_year
    group by bands.mid_year, bands.area_code, bands.sex, ages.age
)

select
    candidates.row_id,
    -- Years that are pooled count everybody once a year.
    candidates.denominator / (
        populations.persons
        * greatest(round(date_diff('day', candidates.period_start, candidates.period_end) / 365.25), 1)
    ) - 1 as population_excess
from {{ ref('candidate_values') }} as candidates
inner join populations
    on
        candidates.area_code = populations.area_code
        and candidates.sex = populations.sex
        and candidates.age = populations.age
        -- The middle of a financial year, and of years pooled, is in its mid-year.
        and cast(extract(
            year from candidates.period_start
            + cast(date_diff('day', candidates.period_start, candidates.period_end) / 2 as integer)
        ) as integer) = populations.mid_year
where
    candidates.population_basis = 'resident'
    and candidates.denominator is not null
    and candidates.value_type in ('proportion', 'crude_rate', 'dsr')
    and populations.persons > 0

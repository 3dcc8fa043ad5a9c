-- People who died in the year with a code of palliative care before their death, out of all who died in it of
-- anything but an external cause.
with palliative as (
    select
        person_id,
        min(observed_on) as first_on
    from {{ ref('int_linked__events') }}
    where code_list = 'PALCARE_COD'
    group by person_id
),

external as (
    select code
    from {{ ref('int_linked__coded_lists') }}
    where coding = 'death' and code_list = 'external_cause_of_death'
),

rows_of_people as (
    select
        people.period_start,
        people.person_id,
        people.age,
        case when palliative.first_on <= deaths.died_on then 1 else 0 end as numerator,
        1 as denominator
    from {{ ref('int_linked__person_years') }} as people
    inner join {{ ref('int_linked__deaths') }} as deaths
        on
            people.person_id = deaths.person_id
            and deaths.died_on between people.period_start and people.period_end
    left join palliative on people.person_id = palliative.person_id
    left join external on deaths.underlying_cause = external.code
    where external.code is null
),

{{ shares_of_people('rows_of_people') }}

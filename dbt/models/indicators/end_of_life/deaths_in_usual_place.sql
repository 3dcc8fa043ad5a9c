-- People who died in the year at home or in a care home, out of all who died in it and whose place of death
-- is known.
with places as (
    select code_from as place
    from {{ ref('int_code_list_codes') }}
    where code_list = 'usual_place'
),

rows_of_people as (
    select
        people.period_start,
        people.person_id,
        people.age,
        case when places.place is not null then 1 else 0 end as numerator,
        1 as denominator
    from {{ ref('int_linked__person_years') }} as people
    inner join {{ ref('int_linked__deaths') }} as deaths
        on
            people.person_id = deaths.person_id
            and deaths.died_on between people.period_start and people.period_end
    left join places on deaths.place_of_death = places.place
    where deaths.place_of_death is not null
),

{{ shares_of_people('rows_of_people') }}

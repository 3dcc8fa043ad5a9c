-- Deaths under 75 whose underlying cause is a disease of the circulatory system (I00 to I99): no other mention
-- of one counts.
with events as (
    select
        deaths.person_id,
        deaths.died_on as happened_on,
        {{ completed_years('people.birth_date', 'deaths.died_on') }} as age
    from {{ ref('int_linked__deaths') }} as deaths
    inner join {{ ref('int_linked__people') }} as people on deaths.person_id = people.person_id
    inner join {{ ref('int_linked__coded_lists') }} as lists
        on
            deaths.underlying_cause = lists.code
            and lists.coding = 'death'
            and lists.code_list = 'cardiovascular_death'
),

{{ events_in_population('events', last=74, banded=true) }}

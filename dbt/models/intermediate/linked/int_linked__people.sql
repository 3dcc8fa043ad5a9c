-- One row per person whom a practice ever registered, with when they died. What isn't known is a group of
-- its own, so that no join loses anybody.
with extracts as (
    select extract_id from {{ ref('int_latest_extracts') }}
)

select
    people.person_id,
    people.birth_date,
    coalesce(people.sex, 'Not known') as sex,
    coalesce(categories.ethnic_group, 'Unknown') as ethnic_group,
    deaths.died_on
from {{ ref('stg_gp__people') }} as people
inner join extracts on people.extract_id = extracts.extract_id
left join {{ ref('ethnic_categories') }} as categories on people.ethnic_category = categories.ethnic_category
left join {{ ref('int_linked__deaths') }} as deaths on people.person_id = deaths.person_id

-- How many people each cut of the population has at each age, and the days that they spent in it: what the
-- rates of all indicators are per.
with people as (
    select
        *,
        {{ age_group('age') }} as age_group
    from {{ ref('int_linked__person_years') }}
)

{{ in_cuts('people', ['count(*) as people', 'sum(days) as person_days'], ['age']) }}

-- The one segment of everybody who was registered on each of the days: of those whose rules they meet, the
-- one of the highest priority. The set of rules is chosen by the variable segment_rule_set.
with rules as (
    select
        rules.segment,
        rules.criterion,
        rules.register,
        cast(rules.age_from as integer) as age_from,
        cast(rules.points_from as integer) as points_from,
        cast(segments.priority as integer) as priority
    from {{ ref('segment_rules') }} as rules
    inner join {{ ref('segments') }} as segments
        on rules.rule_set = segments.rule_set and rules.segment = segments.segment
    where rules.rule_set = '{{ var("segment_rule_set", "stockport_four") }}'
),

met as (
    select
        registered.as_at,
        registered.person_id,
        rules.priority
    from {{ ref('int_linked__registered') }} as registered
    inner join rules
        on rules.criterion = 'everybody' and (rules.age_from is null or registered.age >= rules.age_from)
    union all
    select
        registered.as_at,
        registered.person_id,
        rules.priority
    from {{ ref('int_linked__registered') }} as registered
    inner join {{ ref('int_linked__registers') }} as registers
        on registered.as_at = registers.as_at and registered.person_id = registers.person_id
    inner join rules
        on
            (
                (rules.criterion = 'register' and rules.register = registers.register)
                or (rules.criterion = 'any_long_term_register' and registers.is_long_term)
            )
            and (rules.age_from is null or registered.age >= rules.age_from)
    union all
    select
        registered.as_at,
        registered.person_id,
        rules.priority
    from {{ ref('int_linked__registered') }} as registered
    inner join {{ ref('int_linked__frailty') }} as frailty
        on registered.as_at = frailty.as_at and registered.person_id = frailty.person_id
    inner join rules
        on
            rules.criterion = 'frailty_points'
            and frailty.points >= rules.points_from
            and (rules.age_from is null or registered.age >= rules.age_from)
),

highest as (
    select
        as_at,
        person_id,
        min(priority) as priority
    from met
    group by
        as_at,
        person_id
)

select
    highest.as_at,
    highest.person_id,
    segments.segment
from highest
inner join (
    select distinct
        priority,
        segment
    from rules
) as segments on highest.priority = segments.priority

-- Who was on which disease register on each of the days: the latest diagnosis before it is no earlier than
-- the latest code that says the condition is resolved. On one day the diagnosis stands.
with lists as (
    select
        register,
        diagnosis_list,
        resolved_list,
        cast(is_long_term as boolean) as is_long_term
    from {{ ref('disease_registers') }}
),

diagnosed as (
    select
        days.as_at,
        events.person_id,
        lists.register,
        lists.resolved_list,
        lists.is_long_term,
        max(events.observed_on) as diagnosed_on
    from {{ ref('int_linked__events') }} as events
    inner join lists on events.code_list = lists.diagnosis_list
    inner join {{ ref('int_linked__days') }} as days on events.observed_on < days.as_at
    group by
        days.as_at,
        events.person_id,
        lists.register,
        lists.resolved_list,
        lists.is_long_term
),

resolved as (
    select
        days.as_at,
        events.person_id,
        events.code_list,
        max(events.observed_on) as resolved_on
    from {{ ref('int_linked__events') }} as events
    inner join {{ ref('int_linked__days') }} as days on events.observed_on < days.as_at
    where
        events.code_list in (
            select resolved_list
            from lists
            where resolved_list is not null
        )
    group by
        days.as_at,
        events.person_id,
        events.code_list
)

select
    diagnosed.as_at,
    diagnosed.person_id,
    diagnosed.register,
    diagnosed.is_long_term
from diagnosed
left join resolved
    on
        diagnosed.as_at = resolved.as_at
        and diagnosed.person_id = resolved.person_id
        and diagnosed.resolved_list = resolved.code_list
where resolved.resolved_on is null or diagnosed.diagnosed_on >= resolved.resolved_on

{{ config(alias='framework_indicators') }}

-- What each edition holds, and what it held before: a code that a later workbook leaves out stays,
-- marked as left out.
with versions as (
    select
        framework,
        edition,
        version,
        lead(version) over (partition by framework, edition order by version) as next_version
    from (select distinct
        framework,
        edition,
        version
    from {{ ref('int_framework_versions') }})
),

last_changes as (
    select
        framework,
        edition,
        code,
        indicator_id,
        string_agg(
            strftime(as_of, '%Y-%m-%d') || ' ' || replace(change, '_', ' ')
            || case
                when change in ('added', 'left_out') then ''
                else ': ' || coalesce(is_now, 'nothing') || ' (was: ' || coalesce(was, 'nothing') || ')'
            end,
            '; '
            order by version, change
        ) as history,
        max(version) filter (where change = 'left_out') as left_out_in
    from {{ ref('int_framework_history') }}
    group by framework, edition, code, indicator_id
),

left_out as (
    select
        held.* exclude (version, as_of),
        last_changes.left_out_in
    from last_changes
    inner join versions
        on
            last_changes.framework = versions.framework
            and last_changes.edition = versions.edition
            and last_changes.left_out_in = versions.next_version
    inner join {{ ref('int_framework_versions') }} as held
        on
            versions.framework = held.framework
            and versions.edition = held.edition
            and versions.version = held.version
            and last_changes.code = held.code
            and last_changes.indicator_id = held.indicator_id
    anti join {{ ref('int_framework_indicators') }} as members
        on
            last_changes.framework = members.framework
            and last_changes.edition = members.edition
            and last_changes.code = members.code
            and last_changes.indicator_id = members.indicator_id
),

members as (
    select
        framework,
        edition,
        code,
        indicator_id,
        title,
        domain_code,
        role,
        sort_order,
        fingertips_id,
        certainty,
        evidence,
        note,
        outcome_type,
        owner_partner,
        programmes,
        life_cycle,
        valid_from,
        valid_to,
        life_cycle_reason,
        successor_code,
        is_stand_in
    from {{ ref('int_framework_indicators') }}
    union all by name
    select
        left_out.* exclude (sort_order, valid_from, valid_to, is_stand_in, life_cycle, left_out_in),
        cast(left_out.sort_order as integer) as sort_order,
        cast(left_out.valid_from as date) as valid_from,
        cast(left_out.valid_to as date) as valid_to,
        cast(left_out.is_stand_in as boolean) as is_stand_in,
        'left_out' as life_cycle
    from left_out
),

programmes as (
    select
        members.framework,
        members.edition,
        members.code,
        members.indicator_id,
        string_agg(programmes.name, '; ' order by programmes.name) as names
    from members
    inner join {{ ref('int_programmes') }} as programmes
        on
            members.framework = programmes.framework
            and members.edition = programmes.edition
            and list_contains(string_split(members.programmes, '|'), programmes.programme_id)
    group by members.framework, members.edition, members.code, members.indicator_id
),

principles as (
    select
        framework,
        edition,
        code,
        string_agg(principle || ': ' || is_met || ' (' || why || ')', '; ' order by principle) as answers
    from {{ ref('int_principles') }}
    where code is not null
    group by framework, edition, code
)

select
    members.framework,
    members.edition,
    members.code,
    members.indicator_id,
    members.title,
    members.domain_code,
    domains.domain_name,
    members.role,
    members.sort_order,
    members.fingertips_id,
    members.certainty,
    members.evidence,
    members.note,
    frameworks.name as framework_name,
    frameworks.kind as framework_kind,
    frameworks.publisher,
    domains.kind as domain_kind,
    members.outcome_type,
    members.owner_partner,
    programmes.names as programmes,
    principles.answers as principles,
    members.life_cycle,
    members.valid_from,
    members.valid_to,
    members.life_cycle_reason,
    members.successor_code,
    members.is_stand_in,
    last_changes.history
from members
left join {{ ref('int_frameworks') }} as frameworks
    on members.framework = frameworks.framework and members.edition = frameworks.edition
left join {{ ref('int_domains') }} as domains
    on
        members.framework = domains.framework
        and members.edition = domains.edition
        and members.domain_code = domains.domain_code
left join programmes
    on
        members.framework = programmes.framework
        and members.edition = programmes.edition
        and members.code = programmes.code
        and members.indicator_id = programmes.indicator_id
left join principles
    on
        members.framework = principles.framework
        and members.edition = principles.edition
        and members.code = principles.code
left join last_changes
    on
        members.framework = last_changes.framework
        and members.edition = last_changes.edition
        and members.code = last_changes.code
        and members.indicator_id = last_changes.indicator_id

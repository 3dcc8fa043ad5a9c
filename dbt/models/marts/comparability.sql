-- Whether the two sides of each pair may be compared, and why not: one row per pair of indicators
-- that a link between frameworks, a theme, a reused code, a successor or a second source puts side
-- by side. By rules over what is registered, never by hand. There are no figures in it.
with members as (
    select
        framework,
        edition,
        code,
        indicator_id,
        framework || ' ' || edition || ' ' || code as name,
        -- 2B(1) and 2B are one code, printed with its parts and without.
        framework || ' ' || regexp_replace(code, '\(.*\)$', '') as bare_code,
        list(indicator_id) over (partition by framework, edition, code) as meanings
    from {{ ref('int_framework_indicators') }}
),

linked as (
    select
        links.theme,
        links.relation,
        left_members.name as left_name,
        right_members.name as right_name,
        left_members.indicator_id as left_indicator_id,
        right_members.indicator_id as right_indicator_id
    from {{ ref('int_crosswalk') }} as links
    inner join members as left_members
        on
            links.left_framework = left_members.framework
            and links.left_edition = left_members.edition
            and links.left_code = left_members.code
    inner join members as right_members
        on
            links.right_framework = right_members.framework
            and links.right_edition = right_members.edition
            and links.right_code = right_members.code
    where
        -- Of codes that hold several measures, those that are in both stand beside themselves alone.
        left_members.indicator_id = right_members.indicator_id
        or not list_has_any(left_members.meanings, right_members.meanings)
),

in_theme as (
    select
        theme,
        left_indicator_id as indicator_id
    from linked
    union
    select
        theme,
        right_indicator_id as indicator_id
    from linked
),

in_one_theme as (
    select
        one.theme,
        'same_theme' as relation,
        one.indicator_id as left_name,
        other.indicator_id as right_name,
        one.indicator_id as left_indicator_id,
        other.indicator_id as right_indicator_id
    from in_theme as one
    inner join in_theme as other
        on one.theme = other.theme and one.indicator_id < other.indicator_id
    where not exists (
        select 1 from linked
        where
            linked.theme = one.theme
            and least(linked.left_indicator_id, linked.right_indicator_id) = one.indicator_id
            and greatest(linked.left_indicator_id, linked.right_indicator_id) = other.indicator_id
    )
),

of_one_code as (
    select
        'One code, two measures' as theme,
        'same_code' as relation,
        earlier.name as left_name,
        later.name as right_name,
        earlier.indicator_id as left_indicator_id,
        later.indicator_id as right_indicator_id
    from members as earlier
    inner join members as later
        on earlier.bare_code = later.bare_code and earlier.edition <> later.edition
    inner join {{ ref('int_frameworks') }} as earlier_edition
        on earlier.framework = earlier_edition.framework and earlier.edition = earlier_edition.edition
    inner join {{ ref('int_frameworks') }} as later_edition
        on later.framework = later_edition.framework and later.edition = later_edition.edition
    where
        earlier_edition.valid_from < later_edition.valid_from
        and not list_contains(later.meanings, earlier.indicator_id)
        and not list_contains(earlier.meanings, later.indicator_id)
),

followed as (
    select
        'A measure and what took its place' as theme,
        'successor' as relation,
        replaces as left_name,
        indicator_id as right_name,
        replaces as left_indicator_id,
        indicator_id as right_indicator_id
    from {{ ref('int_measures') }}
    where replaces is not null
),

twice_over as (
    select
        'Published and worked out here' as theme,
        'two_origins' as relation,
        indicator_id || ' published' as left_name,
        indicator_id || ' computed' as right_name,
        indicator_id as left_indicator_id,
        indicator_id as right_indicator_id,
        'published' as left_origin,
        'computed' as right_origin
    from {{ ref('int_indicator_sources') }}
    group by indicator_id
    having count(distinct value_origin) = 2
),

pairs as (
    select
        theme,
        relation,
        left_name,
        right_name,
        {{ comparable_pair(['indicator_id', 'origin']) }}
        case relation when 'two_origins' then 'series' else 'indicator' end as kind
    from (
        select * from linked
        union all by name
        select * from in_one_theme
        union all by name
        select * from of_one_code
        union all by name
        select * from followed
        union all by name
        select * from twice_over
    ) as found
),

judged as (
    {{ method_comparability(
        'pairs',
        ['theme', 'relation', 'kind', 'left_name', 'right_name', 'left_indicator_id', 'right_indicator_id'],
    ) }}
)

select
    theme,
    relation,
    kind as left_kind,
    left_indicator_id as "left",
    left_name,
    kind as right_kind,
    right_indicator_id as "right",
    right_name,
    verdict,
    reasons,
    reason_text
from judged

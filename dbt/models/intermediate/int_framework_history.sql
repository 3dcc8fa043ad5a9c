-- What changed from each version of an edition to the next, a row per code, indicator and kind of change.
-- What an edition began with is no change: its seed, or its first workbook where there is no seed.
with versions as (
    select
        framework,
        edition,
        version,
        as_of,
        lag(version) over (partition by framework, edition order by version) as previous
    from (select distinct
        framework,
        edition,
        version,
        as_of
    from {{ ref('int_framework_versions') }})
),

pairs as (
    select
        versions.framework,
        versions.edition,
        versions.version,
        versions.as_of,
        codes.code,
        codes.indicator_id,
        before,
        after
    from versions
    inner join (
        select distinct
            framework,
            edition,
            code,
            indicator_id
        from {{ ref('int_framework_versions') }}
    ) as codes
        on versions.framework = codes.framework and versions.edition = codes.edition
    left join {{ ref('int_framework_versions') }} as before
        on
            codes.framework = before.framework
            and codes.edition = before.edition
            and codes.code = before.code
            and codes.indicator_id = before.indicator_id
            and versions.previous = before.version
    left join {{ ref('int_framework_versions') }} as after
        on
            codes.framework = after.framework
            and codes.edition = after.edition
            and codes.code = after.code
            and codes.indicator_id = after.indicator_id
            and versions.version = after.version
    where versions.previous is not null
),

changes as (
    select
        framework,
        edition,
        version,
        as_of,
        code,
        indicator_id,
        unnest([
            case when before.code is null and after.code is not null then {
                'change': 'added', 'was': cast(null as varchar), 'is_now': after.title
            } end,
            case when before.code is not null and after.code is null then {
                'change': 'left_out', 'was': before.title, 'is_now': cast(null as varchar)
            } end,
            case when before.title <> after.title then {
                'change': 'reworded', 'was': before.title, 'is_now': after.title
            } end,
            case when before.domain_code <> after.domain_code then {
                'change': 'moved', 'was': before.domain_code, 'is_now': after.domain_code
            } end,
            case when before.life_cycle <> after.life_cycle then {
                'change': after.life_cycle,
                'was': before.life_cycle,
                'is_now': coalesce(after.life_cycle_reason, after.life_cycle)
            } end,
            case when before.owner_partner is distinct from after.owner_partner and before.code = after.code then {
                'change': 'owner', 'was': before.owner_partner, 'is_now': after.owner_partner
            } end
        ]) as told
    from pairs
)

select
    framework,
    edition,
    version,
    as_of,
    code,
    indicator_id,
    told.change,
    told.was,
    told.is_now
from changes
where told is not null

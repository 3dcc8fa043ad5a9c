{% set group = [
    'indicator_id', 'area_type', 'period_type', 'period_start', 'period_end', 'source_id', 'origin',
] %}

-- What made the values of each group: which files, by which definition, method, lookups and code. Row by
-- row it would say the same many times over: one file mostly gives all of a group. Where several do,
-- each says its areas. What is worked out from counts rests on all files of its source and period.
-- Read twice rather than kept: of the second reading nearly nothing is wanted.
with shown as not materialized (
    select candidates.*
    from {{ ref('candidate_values') }} as candidates
    -- What is kept back shows no figure, or one that was made before.
    anti join {{ ref('int_held_rows') }} as held on candidates.row_id = held.row_id
),

-- By method too, so that what is told of each method is told of few rows.
grouped_by_method as (
    select
        {{ listed(group) }}
        extract_id,
        method,
        min(period_label) as period_label,
        min(definition_version) as definition_version,
        count(*) as value_count
    from shown
    group by {{ group | join(', ') }}, extract_id, method
),

grouped as (
    select
        {{ listed(group[:1]) }}
        coalesce(area_type, 'unknown') as area_type,
        {{ listed(group[2:]) }}
        extract_id,
        min(period_label) as period_label,
        min(definition_version) as definition_version,
        string_agg(distinct method, '|' order by method) as method,
        cast(sum(value_count) as bigint) as value_count
    from grouped_by_method
    group by all
),

counted as (
    select
        *,
        origin = 'published' and count(*) over (partition by {{ group | join(', ') }}) > 1 as is_shared
    from grouped
),

-- Only of groups that several files gave is it told area by area. Their files are few or none: all
-- else is passed by before anything is joined by its group.
shared_files as (
    select coalesce(list(distinct extract_id), []) as extract_ids
    from counted
    where is_shared
),

of_shared_files as materialized (
    select shown.*
    from shown
    cross join shared_files
    where list_contains(shared_files.extract_ids, shown.extract_id)
),

given_areas as (
    select
        shown.extract_id,
        {{ listed(group[:1], 'shown.') }}
        coalesce(shown.area_type, 'unknown') as area_type,
        {{ listed(group[2:], 'shown.') }}
        list(distinct shown.area_code order by shown.area_code) as areas
    from of_shared_files as shown
    inner join counted
        on
            shown.extract_id = counted.extract_id
            and coalesce(shown.area_type, 'unknown') = counted.area_type
            {% for column in group if column != 'area_type' -%}
                and shown.{{ column }} = counted.{{ column }}
            {% endfor %}
            and counted.is_shared
    group by all
),

files as (
    select
        counted.*,
        counted.extract_id as file_id
    from counted
    where counted.origin = 'published'
    union all
    select
        counted.*,
        extracts.extract_id as file_id
    from counted
    inner join {{ ref('stg_ledger__extracts') }} as extracts
        on
            counted.source_id = extracts.source_id
            and (extracts.period is null or extracts.period = counted.period_label)
    where counted.origin = 'computed'
),

mapped as (
    select
        indicator_id,
        concat_ws(
            '|', source_id, source_code, edition, value_origin, coalesce(period_from, ''), coalesce(period_to, ''),
            coalesce(sex, ''), coalesce(age, ''), coalesce(population_basis, '')
        ) as said
    from {{ ref('indicator_sources') }}
),

registered as (
    select
        indicators.indicator_id,
        md5(
            concat_ws(
                '|',
                {% for column in [
                    'definition_version', 'method', 'ci_method', 'value_type', 'multiplier', 'unit', 'year_type',
                    'pooled_years', 'population_basis', 'standard_population', 'disclosure_policy',
                ] -%}
                    coalesce(cast(indicators.{{ column }} as varchar), ''),
                {% endfor %}
                coalesce(sources.mapped, '')
            )
        ) as definition
    from {{ ref('int_indicators') }} as indicators
    left join (
        select
            indicator_id,
            string_agg(said, '|' order by said) as mapped
        from mapped
        group by indicator_id
    ) as sources on indicators.indicator_id = sources.indicator_id
),

-- Files of sources that give no indicator, and the seeds of areas: what places, recasts and divides.
lookups as (
    select
        md5(
            coalesce((
                select string_agg(extracts.sha256, '|' order by extracts.sha256)
                from {{ ref('stg_ledger__extracts') }} as extracts
                where extracts.source_id not in (select source_id from {{ ref('int_indicator_sources') }})
            ), '')
            {% for seed in ['areas', 'area_redraws', 'combined_areas'] -%}
                || coalesce((
                    select string_agg(cast({{ seed }} as varchar), '|' order by cast({{ seed }} as varchar))
                    from {{ ref(seed) }} as {{ seed }}
                ), '')
            {% endfor %}
        ) as digest
),

made_now as (
    select
        context.release_id as made_in,
        {{ listed(group, 'files.') }}
        extracts.sha256 as extract_sha256,
        any_value(given_areas.areas) as areas,
        any_value(extracts.vintage_date) as vintage,
        min(files.definition_version) as definition_version,
        any_value(registered.definition) as definition,
        min(files.method) as method,
        case files.origin when 'computed' then any_value(lookups.digest) end as lookups,
        any_value(context.code) as code,
        max(files.value_count) as value_count
    from files
    inner join {{ ref('stg_ledger__extracts') }} as extracts on files.file_id = extracts.extract_id
    left join registered on files.indicator_id = registered.indicator_id
    left join given_areas
        on
            files.extract_id = given_areas.extract_id
            {% for column in group -%}
                and files.{{ column }} = given_areas.{{ column }}
            {% endfor %}
    cross join lookups
    cross join {{ source('run', 'context') }} as context
    group by context.release_id, {{ listed(group, 'files.') }} extracts.sha256
),

still_shown as (
    select
        {{ listed(group) }}
        last_good_release,
        count(distinct hash({{ key_list() }})) as value_count
    from {{ ref('holds') }}
    where last_good_release is not null
    group by all
)

select * from made_now
union all
select previous.* replace (still_shown.value_count as value_count)
from {{ source('run', 'previous_provenance') }} as previous
inner join still_shown
    on
        previous.made_in = still_shown.last_good_release
        {% for column in group -%}
            and previous.{{ column }} = still_shown.{{ column }}
        {% endfor %}

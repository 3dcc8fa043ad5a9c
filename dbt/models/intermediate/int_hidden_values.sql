-- The values of ours that are hidden: small counts, and what would give those away. Indicators with
-- nothing small, now or in an earlier release, aren't looked at. A function of dbt's connections.
with affected as (
    select
        indicator_id,
        definition_version
    from {{ ref('int_disclosure_counts') }}
    group by indicator_id, definition_version
    having bool_or(length(small_figures) > 0 or was_hidden)
),

hidden as (
    select
        hide_small_counts(
            list(
                {
                    {%- for column in disclosure_columns() %}
                        '{{ column }}': counts.{{ column }}{{ ',' if not loop.last }}
                    {%- endfor %}
                }
                order by counts.row_id
            )
        ) as row_ids
    from {{ ref('int_disclosure_counts') }} as counts
    inner join affected
        on
            counts.indicator_id = affected.indicator_id
            and counts.definition_version = affected.definition_version
    group by counts.indicator_id, counts.definition_version
)

select
    unnest(row_ids) as row_id,
    'suppressed_here' as status_reason
from hidden
union
select
    row_id,
    'suppressed_size_unknown' as status_reason
from {{ ref('int_disclosure_counts') }}
where is_size_unknown

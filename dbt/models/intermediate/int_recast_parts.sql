{% set series = ['sex', 'age', 'segment', 'breakdown_type', 'breakdown'] %}
{% set period = ['period_type', 'period_start', 'period_end'] %}
{% set same = ['indicator_id'] + period + series %}
{% set parts_key = same + ['origin', 'source_id'] %}

-- What a value of today's area would be added up from: one row per area of today, tier, series, period
-- and area that was there then, with that area's row where it has one. Only where the area of today has no
-- value from its publisher, and something of an area that has ended. Only rows of areas that changed are
-- read, which are few.
with leads as (
    select
        area_tier,
        predecessor_tier,
        area_code,
        current_code,
        kind,
        share,
        valid_from,
        valid_to,
        true as has_ended
    from {{ ref('int_area_changes') }}
    where area_tier = predecessor_tier or area_tier = 'icb'
    union all
    -- A board's other sub-ICBs, which never changed.
    select
        'icb' as area_tier,
        'sub_icb' as predecessor_tier,
        area_code,
        parent_code as current_code,
        'member' as kind,
        1.0 as share,
        valid_from,
        date '9999-12-31' as valid_to,
        false as has_ended
    from {{ ref('int_areas') }}
    where area_kind = 'sub_icb' and valid_to is null
),

few as (
    select
        observations.*,
        periods.period_type,
        periods.period_start,
        periods.period_end
    from {{ ref('int_landed_apart') }} as observations
    inner join {{ ref('int_indicators') }} as indicators using (indicator_id)
    inner join {{ ref('int_periods') }} as periods
        on
            observations.period_label = periods.period_label
            and periods.year_type = coalesce(indicators.year_type, 'financial')
    where
        observations.area_code in (
            select area_code from leads
            union all
            select current_code from leads
        )
),

known as (
    select
        few.*,
        {{ hash_of(key_columns(), 'few.') }} as row_id,
        cast(sources.rank as integer) as source_rank
    from few
    inner join {{ ref('sources') }} as sources using (source_id)
    -- Of counts that aren't public a sum would tell a hidden one.
    where cast(sources.is_public as boolean)
),

best_ranked as (
    select *
    from known
    qualify source_rank = min(source_rank) over (partition by row_id)
),

in_order as (
    {{ not_superseded('best_ranked') }}
),

standing as (
    select in_order.*
    from in_order
    inner join {{ ref('stg_ledger__extracts') }} as extracts using (extract_id)
    qualify
        row_number() over (
            partition by in_order.row_id
            order by
                {{ standing_first('in_order', 'extracts') }},
                in_order.source_code, in_order.value, in_order.numerator, in_order.denominator, in_order.status,
                in_order.population_basis, in_order.period_label
        ) = 1
),

-- The day whose areas are meant: the period's last, unless the rows are of areas drawn later, or of
-- areas that had ended before it.
wanted as (
    select
        leads.area_tier,
        leads.predecessor_tier,
        leads.current_code,
        {{ listed(parts_key, 'standing.') }}
        min(standing.period_label) as period_label,
        min(standing.source_code) as source_code,
        max(standing.source_rank) as source_rank,
        max(standing.extract_id) as extract_id,
        min(standing.population_basis) as population_basis,
        least(greatest(standing.period_end, max(leads.valid_from)), max(leads.valid_to)) as day
    from standing
    inner join leads on standing.area_code = leads.area_code
    group by leads.area_tier, leads.predecessor_tier, leads.current_code, {{ parts_key | join(', ') }}
    having bool_or(leads.has_ended)
),

missing as (
    select wanted.*
    from wanted
    where not exists (
        select 1
        from standing as own
        where
            own.area_code = wanted.current_code
            and (own.status <> 'not_available' or own.origin = 'computed')
            {% for column in same -%}
                and own.{{ column }} = wanted.{{ column }}
            {% endfor %}
    )
)

select
    missing.*,
    -- The key of the value that they make.
    hash(
        {% for column in key_columns() -%}
            {% if column == 'area_code' %}missing.current_code{% elif column == 'origin' %}'computed'
            {%- else %}missing.{{ column }}{% endif %}{{ ', ' if not loop.last }}
        {%- endfor %}
    ) as recast_row_id,
    leads.area_code,
    leads.kind,
    leads.share,
    leads.has_ended,
    standing.row_id,
    standing.status,
    standing.value,
    standing.numerator,
    standing.denominator
from missing
inner join leads
    on
        missing.area_tier = leads.area_tier
        and missing.predecessor_tier = leads.predecessor_tier
        and missing.current_code = leads.current_code
        and missing.day between leads.valid_from and leads.valid_to
        -- A part of fewer than one in a hundred is too small to be missed.
        and leads.share > 0.01
left join standing
    on
        leads.area_code = standing.area_code
        {% for column in parts_key -%}
            and missing.{{ column }} = standing.{{ column }}
        {% endfor %}

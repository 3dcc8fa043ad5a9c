-- Every value that has a place: an indicator, an area code and a period that are understood.
-- `row_id` stands for the key; rows of the same key from several extracts or sources still stand
-- side by side here.
select
    observations.source_id,
    observations.source_code,
    observations.extract_id,
    hash(
        observations.indicator_id, observations.area_code, periods.period_type,
        periods.period_start, periods.period_end, observations.sex, observations.age,
        observations.segment, observations.breakdown_type, observations.breakdown,
        observations.origin
    ) as row_id,
    observations.indicator_id,
    indicators.definition_version,
    areas.area_type,
    observations.area_code,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    observations.period_label,
    observations.sex,
    observations.age,
    observations.segment,
    observations.breakdown_type,
    observations.breakdown,
    observations.population_basis,
    observations.value,
    case when observations.status <> 'suppressed' then observations.lower_95 end as lower_95,
    case when observations.status <> 'suppressed' then observations.upper_95 end as upper_95,
    case when observations.status <> 'suppressed' then observations.lower_998 end as lower_998,
    case when observations.status <> 'suppressed' then observations.upper_998 end as upper_998,
    -- A hidden value stays hidden: what would give it away goes with it.
    case when observations.status <> 'suppressed' then observations.numerator end as numerator,
    case when observations.status <> 'suppressed' then observations.denominator end as denominator,
    indicators.unit,
    case observations.origin when 'computed' then indicators.method else 'as_published' end as method,
    indicators.value_type,
    observations.status,
    observations.status_reason,
    observations.origin,
    -- The area began after the period did: of some or all of it the figures were recast. Its
    -- predecessors may have their own for the same period.
    coalesce(periods.period_start < areas.valid_from, false) as is_recast_area,
    coalesce(periods.period_start > areas.valid_to, false) as is_area_ended
from {{ ref('int_observations_unioned') }} as observations
inner join {{ ref('int_indicators') }} as indicators using (indicator_id)
inner join {{ ref('int_periods') }} as periods
    on
        observations.period_label = periods.period_label
        and periods.year_type = coalesce(indicators.year_type, 'financial')
left join {{ ref('int_areas') }} as areas on observations.area_code = areas.area_code
where observations.area_code is not null

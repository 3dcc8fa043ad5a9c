-- Deprivation by area: one row per edition of the index, domain, tier, area and origin. Rank 1 is the
-- most deprived; average ranks count the other way, as the publisher's do, so that more is worse.
-- Published rows are the publisher's own, weighted by the index's own population denominators.
-- Computed rows cover every tier. The small-area files here hold no denominators: the mid-year
-- estimate nearest to the index's own year stands in for them (weights says which).
with small_areas as (
    select
        deprivation.edition,
        deprivation.domain,
        deprivation.lsoa_code,
        deprivation.score,
        editions.small_areas + 1 - deprivation.deprivation_rank as reversed_rank,
        case when deprivation.decile = 1 then 1.0 else 0.0 end as is_most_deprived,
        editions.lsoa_year,
        editions.mid_year
    from {{ ref('stg_mhclg__small_area_deprivation') }} as deprivation
    inner join {{ ref('int_latest_extracts') }} using (extract_id)
    inner join {{ ref('int_deprivation_weights') }} as editions
        on deprivation.edition = editions.edition
),

computed as (
    select
        small_areas.edition,
        small_areas.domain,
        links.area_tier,
        links.area_code,
        links.is_current,
        small_areas.mid_year,
        sum(people.persons * small_areas.score) / nullif(sum(people.persons), 0) as average_score,
        sum(people.persons * small_areas.reversed_rank) / nullif(sum(people.persons), 0) as average_rank,
        avg(small_areas.is_most_deprived) as share_most_deprived,
        count(*) as small_areas
    from small_areas
    inner join {{ ref('int_small_area_links') }} as links
        on
            small_areas.lsoa_year = links.lsoa_year
            and small_areas.lsoa_code = links.lsoa_code
    left join {{ ref('int_small_area_populations') }} as people
        on
            small_areas.lsoa_year = people.lsoa_year
            and small_areas.lsoa_code = people.lsoa_code
            and small_areas.mid_year = people.mid_year
            and people.age_band = 'All ages'
    group by
        small_areas.edition,
        small_areas.domain,
        links.area_tier,
        links.area_code,
        links.is_current,
        small_areas.mid_year
),

origins as (
    select
        published.edition,
        published.domain,
        published.area_tier,
        published.area_code,
        'published' as origin,
        true as is_ranked,
        published.average_score,
        published.average_rank,
        published.share_most_deprived,
        published.rank_of_average_score as given_rank_of_score,
        published.rank_of_average_rank as given_rank_of_rank,
        cast(null as bigint) as small_areas,
        'index' as weights
    from {{ ref('stg_mhclg__area_deprivation') }} as published
    inner join {{ ref('int_latest_extracts') }} using (extract_id)
    union all
    select
        edition,
        domain,
        area_tier,
        area_code,
        'computed' as origin,
        is_current as is_ranked,
        average_score,
        average_rank,
        share_most_deprived,
        cast(null as integer) as given_rank_of_score,
        cast(null as integer) as given_rank_of_rank,
        small_areas,
        'mid_' || cast(mid_year as varchar) || '_population' as weights
    from computed
),

ranked as (
    select
        *,
        count(*) over (partition by edition, domain, area_tier, origin, is_ranked) as areas,
        -- The publisher ranks its averages before it rounds them.
        coalesce(given_rank_of_score, rank() over (
            partition by edition, domain, area_tier, origin, is_ranked
            order by average_score desc
        )) as rank_of_score,
        coalesce(given_rank_of_rank, rank() over (
            partition by edition, domain, area_tier, origin, is_ranked
            order by average_rank desc
        )) as rank_of_rank,
        is_ranked and average_score is not null as has_score,
        is_ranked and average_rank is not null as has_rank
    from origins
)

select
    edition,
    domain,
    area_tier,
    area_code,
    origin,
    average_score,
    case when has_score then rank_of_score end as rank_of_average_score,
    case when has_score then cast(ceil(10.0 * rank_of_score / areas) as integer) end as decile_of_average_score,
    average_rank,
    case when has_rank then rank_of_rank end as rank_of_average_rank,
    case when has_rank then cast(ceil(10.0 * rank_of_rank / areas) as integer) end as decile_of_average_rank,
    share_most_deprived,
    small_areas,
    weights
from ranked

"""Populations, deprivation, areas and organisations: what the publishers' own files add up to."""

from __future__ import annotations

import pytest

from tests.support.real import MARKS

pytestmark = MARKS

# Each mid-year with England's people, as the file of that year states them.
ENGLAND = {2015: 54786327, 2016: 55268067, 2018: 55977178, 2019: 56286961, 2020: 56550138}
# Council areas of the United Kingdom in each file, as boundaries changed.
COUNCILS = {2015: 391, 2016: 391, 2018: 382, 2019: 379, 2020: 374}
LOCAL = "area_code like 'E06%' or area_code like 'E07%' or area_code like 'E08%'"


def test_every_reference_file_has_landed(released, real_folder):
    _, outcome = released
    folders = ("boundaries-bsc-geojson", "geo-lookups-rda", "imd", "imd-utla-summaries")
    folders += ("ods-epraccur-epcn", "ons-lsoa-population", "ons-mye-la-age-sex")
    there = {
        path.relative_to(real_folder).as_posix()
        for folder in folders
        for path in (real_folder / folder).iterdir()
    }
    assert len(there) == 41
    assert there - set(outcome.summary["landing"]["landed"]) == set()


# Mid-year estimates.


def test_single_years_of_age_add_up_to_all_ages_for_every_area_and_sex(ask_warehouse):
    told = ask_warehouse(
        """
        select count(*), count_if(all_ages = by_age and ages = 91) from (
            select
                mid_year, area_code, sex,
                sum(persons) filter (where age is null) as all_ages,
                sum(persons) filter (where age is not null) as by_age,
                count(age) as ages
            from staging.stg_ons__populations group by all
        )
        """
    )
    assert told == [(6468, 6468)]


def test_males_and_females_add_up_to_persons_at_every_age(ask_warehouse):
    cells, met = ask_warehouse(
        """
        select count(*), count_if(persons = males + females) from (
            select
                mid_year, area_code, age,
                sum(persons) filter (where sex = 'Persons') as persons,
                sum(persons) filter (where sex = 'Male') as males,
                sum(persons) filter (where sex = 'Female') as females
            from staging.stg_ons__populations group by all
        )
        """
    )[0]
    assert (cells, met) == (6468 // 3 * 92, cells)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ("area_code like 'E12%'", "E92000001"),
        (f"{LOCAL} or area_code like 'E09%'", "E92000001"),
        ("area_code like 'E09%'", "E12000007"),
        ("area_code in ('E92000001', 'W92000004')", "K04000001"),
        ("area_code in ('K04000001', 'S92000003')", "K03000001"),
        ("area_code in ('K03000001', 'N92000002')", "K02000001"),
    ],
)
def test_areas_add_up_to_the_area_above_by_year_sex_and_age(ask_warehouse, parts, whole):
    cells, met = ask_warehouse(
        f"""
        select count(*), count_if(parts = whole) from (
            select
                mid_year, sex, age,
                sum(persons) filter (where {parts}) as parts,
                sum(persons) filter (where area_code = '{whole}') as whole
            from staging.stg_ons__populations group by all
        )
        """
    )[0]
    assert (cells, met) == (5 * 3 * 92, cells)


def test_england_and_the_councils_of_each_year_are_all_there(ask_warehouse):
    rows = ask_warehouse(
        f"""
        select
            mid_year,
            sum(persons) filter (where area_code = 'E92000001'),
            count_if({LOCAL} or area_code like 'E09%' or area_code similar to
                '(W06|S12|N09).*')
        from staging.stg_ons__populations
        where sex = 'Persons' and age is null group by 1 order by 1
        """
    )
    assert {year: england for year, england, _ in rows} == ENGLAND
    assert {year: councils for year, _, councils in rows} == COUNCILS


def test_counties_are_the_sum_of_their_districts(ask_warehouse):
    """The areas of a county, by the registry, in each year that ONS counted both."""
    counties, met = ask_warehouse(
        """
        select count(*), count_if(county = districts) from (
            select
                county.mid_year, county.area_code, any_value(county.persons) as county,
                sum(district.persons) as districts
            from staging.stg_ons__populations as county
            inner join intermediate.int_areas as areas on areas.parent_code = county.area_code
            inner join staging.stg_ons__populations as district
                on district.area_code = areas.area_code and district.mid_year = county.mid_year
                and district.sex = county.sex and district.age is null
            where county.age is null and county.sex = 'Persons' and county.area_code like 'E10%'
            group by 1, 2
        )
        """
    )[0]
    assert counties == met > 120


def test_todays_areas_hold_everybody_in_every_year(ask_warehouse):
    rows = ask_warehouse(
        """
        select
            mid_year,
            count_if(is_utla), count_if(is_ltla),
            sum(persons) filter (where is_utla), sum(persons) filter (where is_ltla)
        from intermediate.int_populations
        inner join intermediate.int_areas using (area_code)
        where valid_to is null and sex = 'Persons' and age_band = 'All ages'
            and made_from = 'mid_year_estimates'
        group by 1 order by 1
        """
    )
    assert rows == [(year, 153, 296, people, people) for year, people in ENGLAND.items()]


def test_age_bands_add_up_to_all_ages(ask_warehouse):
    groups, met = ask_warehouse(
        """
        select count(*), count_if(all_ages = banded and bands = 19) from (
            select
                mid_year, area_code, sex, made_from,
                sum(persons) filter (where age_band = 'All ages') as all_ages,
                sum(persons) filter (where age_band <> 'All ages') as banded,
                count_if(age_band <> 'All ages') as bands
            from intermediate.int_populations group by all
        )
        """
    )[0]
    assert groups == met > 5_000


# Small areas.


def test_small_area_populations_are_those_of_their_districts(ask_warehouse):
    """Two products of ONS agree to the person, in every district of England of 2021."""
    districts, met, people = ask_warehouse(
        """
        select count(*), count_if(small_areas.people = estimates.persons), sum(small_areas.people)
        from (
            select links.parent_code, sum(populations.all_ages) as people
            from staging.stg_ons__small_area_populations as populations
            inner join staging.stg_areas__links as links
                on links.child_code = populations.lsoa11_code and links.child_level = 'lsoa11'
                and links.parent_level = 'ltla21' and links.extract_id = (
                    select extract_id from staging.stg_ledger__extracts
                    where layout_id = 'lookup_lsoa11_ltla21')
            where populations.mid_year = 2020 and links.parent_code like 'E%' group by 1
        ) as small_areas
        inner join staging.stg_ons__populations as estimates
            on estimates.area_code = small_areas.parent_code and estimates.mid_year = 2020
            and estimates.sex = 'Persons' and estimates.age is null
        """
    )[0]
    assert (districts, met, people) == (309, 309, 56550138)


@pytest.mark.parametrize(("year", "people"), [(2017, 58744595), (2020, 59719724)])
def test_small_area_populations_add_up_by_age(ask_warehouse, year, people):
    ages = " + ".join(f"age_{age}" for age in range(91))
    assert ask_warehouse(
        f"select count(*), count_if(all_ages = {ages}), sum(all_ages)"
        f" from staging.stg_ons__small_area_populations where mid_year = {year}"
    ) == [(34753, 34753, people)]


def test_every_small_area_lies_in_one_area_of_each_level(ask_warehouse):
    rows = ask_warehouse(
        """
        select
            lsoa_year, count(*), count(ltla_code), count(utla_code), count(region_code),
            count(sub_icb_code), count(icb_code), count(nhs_region_code),
            count(distinct ltla_code), count(distinct utla_code), count(distinct icb_code),
            count(distinct sub_icb_code), count(distinct region_code),
            count(distinct nhs_region_code)
        from intermediate.int_small_areas group by 1 order by 1
        """
    )
    levels = (296, 153, 42, 106, 9, 7)
    assert rows == [(2011, *[32844] * 7, *levels), (2021, *[33755] * 7, *levels)]


def test_small_areas_of_2011_became_those_of_2021(ask_warehouse):
    assert ask_warehouse(
        "select change_code, count(*) from intermediate.int_small_area_changes"
        " group by 1 order by 1"
    ) == [("M", 194), ("S", 1842), ("U", 31810), ("X", 9)]
    drawn = {
        code: (before, after)
        for code, before, after in ask_warehouse(
            "select ltla_code, count_if(lsoa_year = 2011), count_if(lsoa_year = 2021)"
            " from intermediate.int_small_areas group by 1"
        )
    }
    assert drawn["E09000030"] == (144, 169)  # Tower Hamlets
    assert drawn["E08000007"] == (190, 191)  # Stockport
    assert drawn["E06000023"] == (263, 268)  # Bristol
    assert drawn["E06000024"] == (135, 138)  # North Somerset
    assert drawn["E06000025"] == (165, 175)  # South Gloucestershire


def test_people_are_conserved_when_small_areas_are_redrawn(ask_warehouse):
    rows = ask_warehouse(
        "select mid_year, lsoa_year, round(sum(persons)), count(distinct lsoa_code)"
        " from intermediate.int_small_area_populations where age_band = 'All ages'"
        " group by all order by all"
    )
    assert rows == [
        (2017, 2011, 55619430, 32844),
        (2017, 2021, 55619430, 33755),
        (2020, 2011, 56550138, 32844),
        (2020, 2021, 56550138, 33755),
    ]


# Deprivation.


@pytest.mark.parametrize(
    ("edition", "areas", "domains"), [(2015, 32844, 1), (2019, 32844, 8), (2025, 33755, 8)]
)
def test_ranks_of_every_domain_are_complete(ask_warehouse, edition, areas, domains):
    """From 1 to the number of areas; areas that tie share the best rank and leave the next out."""
    rows = ask_warehouse(
        f"""
        select domain, count(*), max(given), count_if(given = counted), count_if(
            decile = cast(ceil(10.0 * given / {areas}) as integer))
        from (
            select domain, decile, deprivation_rank as given, rank() over (
                partition by domain order by deprivation_rank) as counted
            from staging.stg_mhclg__small_area_deprivation where edition = {edition}
        ) group by 1
        """
    )
    assert len(rows) == domains
    for _, there, last, in_order, deciles in rows:
        assert (there, in_order) == (areas, areas)
        assert areas - 5 <= last <= areas
        # Where ties cross the line between deciles, the publisher gives all of them the better.
        assert deciles >= areas - 5


def test_each_rank_of_the_index_of_2025_stands_once(ask_warehouse):
    assert ask_warehouse(
        "select count(distinct deprivation_rank), min(deprivation_rank), max(deprivation_rank)"
        " from staging.stg_mhclg__small_area_deprivation where edition = 2025 and domain = 'imd'"
    ) == [(33755, 1, 33755)]


# How far our averages are from the publisher's: on the average, and at most. Ranks go to 33,755.
AGREEMENT = {
    # edition, tier: areas, score on average, score at most, rank on average, rank at most
    (2015, "utla"): (147, 0.17, 1.00, 110, 900),
    (2019, "utla"): (149, None, None, 50, 385),
    (2025, "ltla"): (296, 0.17, 1.10, 105, 790),
    (2025, "icb"): (42, 0.13, 0.56, 80, 375),
}


@pytest.mark.parametrize(("edition", "tier"), AGREEMENT)
def test_averages_by_area_agree_with_the_publishers(ask_warehouse, edition, tier):
    """Its own denominators aren't in the files: a mid-year estimate of another year stands in.

    The share of small areas among the most deprived tenth needs none, and is the publisher's.
    """
    row = ask_warehouse(
        f"""
        select
            count(*),
            count_if(abs(ours.share_most_deprived - theirs.share_most_deprived) < 1e-4),
            avg(abs(ours.average_score - theirs.average_score)),
            max(abs(ours.average_score - theirs.average_score)),
            avg(abs(ours.average_rank - theirs.average_rank)),
            max(abs(ours.average_rank - theirs.average_rank)),
            corr(ours.average_rank, theirs.average_rank)
        from intermediate.int_deprivation_areas as ours
        inner join intermediate.int_deprivation_areas as theirs
            using (edition, domain, area_tier, area_code)
        where edition = {edition} and area_tier = '{tier}' and domain = 'imd'
            and ours.origin = 'computed' and theirs.origin = 'published'
        """
    )[0]
    areas, score, score_at_most, ranks, ranks_at_most = AGREEMENT[edition, tier]
    assert row[:2] == (areas, areas)
    if score is None:
        assert row[2] is None
    else:
        assert row[2] < score
        assert row[3] < score_at_most
    assert row[4] < ranks
    assert row[5] < ranks_at_most
    assert row[6] > 0.999


def test_our_deciles_of_areas_are_the_publishers_or_next_to_them(ask_warehouse):
    rows = ask_warehouse(
        """
        select edition, area_tier, count(*),
            count_if(ours.decile_of_average_rank = theirs.decile_of_average_rank),
            max(abs(ours.decile_of_average_rank - theirs.decile_of_average_rank))
        from intermediate.int_deprivation_areas as ours
        inner join intermediate.int_deprivation_areas as theirs
            using (edition, domain, area_tier, area_code)
        where domain = 'imd' and ours.origin = 'computed' and theirs.origin = 'published'
            and ours.decile_of_average_rank is not null
        group by all order by all
        """
    )
    assert rows
    for _, _, areas, same, apart in rows:
        assert same > 0.85 * areas
        assert apart == 1


def test_the_publishers_ranks_of_areas_are_those_of_its_averages(ask_warehouse):
    """Of the index itself: in other domains many rounded averages are the same."""
    rows = ask_warehouse(
        """
        select edition, area_tier, count(*),
            max(abs(rank_of_average_rank - by_rank)), max(abs(rank_of_average_score - by_score))
        from (
            select *,
                rank() over (partition by edition, area_tier order by average_rank desc) as by_rank,
                rank() over (partition by edition, area_tier order by average_score desc)
                    as by_score
            from intermediate.int_deprivation_areas
            where domain = 'imd' and origin = 'published'
        ) group by all order by all
        """
    )
    assert rows == [
        (2015, "utla", 152, 0, 1),
        (2019, "utla", 151, 0, 0),
        (2025, "icb", 42, 0, 0),
        (2025, "ltla", 296, 0, 1),
    ]


# Areas, boundaries, organisations.


def test_there_are_8139_areas_153_upper_tiers_and_42_boards(ask_warehouse):
    assert ask_warehouse("select count(distinct area_code) from raw.area_hierarchy") == [(8139,)]
    current = dict(
        ask_warehouse(
            "select area_type, count(*) from intermediate.int_areas"
            " where source_id = 'registry' and valid_to is null group by 1"
        )
    )
    assert (current["utla"], current["icb"], current["region"]) == (153, 42, 9)


def test_every_area_of_a_level_has_an_outline(ask_warehouse):
    counts = dict(
        ask_warehouse("select area_tier, count(*) from intermediate.int_boundaries group by 1")
    )
    assert counts == {
        "combined_authority": 10,
        "icb": 42,
        "ltla": 296,
        "nhs_region": 7,
        "region": 9,
        "sub_icb": 106,
        "utla": 153,
    }
    rows = ask_warehouse(
        """
        select count(*), count_if(json_valid(geometry)), count_if(
            json_extract_string(geometry, '$.type') in ('Polygon', 'MultiPolygon')),
            count_if(longitude between -7 and 2 and latitude between 49 and 56),
            count_if(areas.valid_to is null
                and (areas.area_code is not null or area_tier = 'combined_authority'))
        from intermediate.int_boundaries
        left join intermediate.int_areas as areas using (area_code)
        """
    )
    assert rows == [(623,) * 5]


def test_practices_and_networks_are_told_with_their_state(ask_warehouse):
    assert dict(
        ask_warehouse("select practice_status, count(*) from intermediate.int_practices group by 1")
    ) == {"active": 11541, "closed": 3095, "dormant": 327}
    # Whatever is closed says since when, and nothing else does.
    assert ask_warehouse(
        "select count(*) from intermediate.int_practices"
        " where (practice_status = 'closed') <> (closed_on is not null) or opened_on is null"
    ) == [(0,)]
    assert ask_warehouse(
        "select network_status, count(*), sum(practices) from intermediate.int_networks"
        " group by 1 order by 1"
    ) == [("active", 1260, 6474), ("closed", 58, 0)]
    assert ask_warehouse("select count(*) from staging.stg_ods__network_members") == [(7359,)]


def test_active_practices_of_england_belong_to_a_place_and_a_board(ask_warehouse):
    there, placed, boards = ask_warehouse(
        "select count(*), count(sub_icb_code), count(distinct icb_code)"
        " from intermediate.int_practices where is_gp_practice and practice_status = 'active'"
        " and icb_ods_code like 'Q%' and practice_code not like 'W%'"
    )[0]
    assert boards == 42
    assert placed > 0.99 * there


def test_shares_of_trusts_add_up(ask_warehouse):
    trusts, whole, boards = ask_warehouse(
        "select count(*), count_if(abs(total - 1) < 1e-9), any_value(boards) from ("
        " select trust_code, sum(share) as total,"
        " (select count(distinct icb_code) from staging.stg_ods__trust_shares) as boards"
        " from staging.stg_ods__trust_shares group by 1)"
    )[0]
    assert (trusts, whole, boards) == (138, 138, 42)

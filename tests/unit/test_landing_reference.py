"""Reference files: told by their content, a header or none, and read as what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dagster_project.errors import OutcomesError
from tests.support import landing_reference as files
from tests.support.landing_files import as_csv, as_json, as_parquet, as_xlsx, change
from tests.support.landing_place import Place

# Name, content, layout and rows: the name says nothing, save where the layout needs a period.
REAL = {
    "estimates.xls": (files.population_workbook(), "ons_mid_year_estimates", 3 * 2 * 92 + 3),
    "population20.bin": (files.small_area_populations(), "ons_small_area_populations", 3),
    "a.parquet": (files.imd_2015(), "imd_2015_small_areas", 3),
    "b.parquet": (files.imd_2019(), "imd_2019_small_areas", 2 * 8),
    "c.parquet": (files.imd_2025_boards(), "imd_2025_icb", 8),
    "summary.xlsx": (files.upper_tier_workbook(), "imd_2019_upper_tier", 10),
    "practices.txt": (as_csv(files.practices(), quote_all=True), "ods_epraccur", 3),
    "networks.xlsx": (as_xlsx(files.network_sheets()), "ods_epcn", 2),
    "places.json": (as_json(files.boundaries()), "ons_boundaries", 2),
    "wards.csv": (
        b"\xef\xbb\xbf" + as_csv(files.wards()),
        "lookup_lsoa21_ward22_ltla22_csv",
        2,
    ),
    "lists.csv": (as_csv(files.registered_patients()), "registered_patients_totals", 3),
    "successors.parquet": (
        files.successors(),
        "trust_successors",
        2,
    ),
}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("reference"))
    for name, (content, _, _) in REAL.items():
        place.put(name, content)
    place.land()
    return place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def refused(place: Place, name: str, content: bytes) -> OutcomesError:
    place.put(name, content)
    assert place.land().landed == []
    return place.refused(name)


@pytest.mark.parametrize("name", REAL)
def test_each_layout_is_told_by_its_content(real: Place, name: str) -> None:
    _, layout, rows = REAL[name]
    row = next(row for row in real.ledger() if row["relative_path"] == name)
    assert (row["layout_id"], row["rows_read"]) == (layout, rows)


def test_nothing_else_came_of_it(real: Place) -> None:
    assert [refusal.message for refusal in real.summary.refused] == []
    assert sorted(real.summary.landed) == sorted(REAL)
    real.agrees()


# Small areas and deprivation: a column for each domain becomes a row for each.


def test_the_year_of_small_area_populations_is_in_the_name(real: Place) -> None:
    row = next(row for row in real.ledger() if row["relative_path"] == "population20.bin")
    assert (row["period"], row["period_from"]) == ("2020", "file name")
    assert real.query(
        "select sum(all_ages), sum(age_0), sum(age_90) from raw.small_area_populations"
    ) == [(546.0, 6.0, 6.0)]


def test_ranks_and_deciles_go_to_their_domain(real: Place) -> None:
    rows = real.query(
        "select domain, score, rank, decile from raw.deprivation_small_areas"
        " where edition = '2019' and lsoa_code = 'E01000001' order by rank"
    )
    assert [domain for domain, *_ in rows] == [
        *("imd", "income", "employment", "education", "health", "crime", "barriers"),
        "environment",
    ]
    assert [figures for _, *figures in rows] == [
        [None, 10 * n + 1, 10 * n + 1] for n in range(1, 9)
    ]


def test_scores_are_read_where_there_are_any(real: Place) -> None:
    assert real.query(
        "select lsoa_code, score from raw.deprivation_small_areas where edition = '2015' order by 1"
    ) == [("E01000000", 30.5), ("E01000001", 20.5), ("E01000002", 10.5)]


def test_each_sheet_of_a_summary_is_its_domain_with_its_own_measures(real: Place) -> None:
    rows = real.query(
        "select domain, average_rank, rank_of_share_most_deprived, extent,"
        " rank_of_local_concentration, scale, rank_of_scale from raw.deprivation_areas"
        " where edition = '2019' order by domain"
    )
    found = {domain: figures for domain, *figures in rows}
    assert len(found) == 10
    assert found["imd"] == [1, 6, 7, 10, None, None]
    assert found["income"] == found["employment"] == [1, 6, None, None, 7, 8]
    assert found["income_children"] == found["health"] == [1, 6, None, None, None, None]


def test_each_column_of_a_summary_goes_to_its_domain_and_measure(real: Place) -> None:
    rows = real.query(
        "select domain, average_rank, rank_of_average_score, extent, scale, rank_of_scale"
        " from raw.deprivation_areas where edition = '2025' order by average_rank"
    )
    assert rows[:3] == [
        ("imd", 1, 4, 7, None, None),
        ("income", 11, 14, None, 17, 18),
        ("employment", 19, 22, None, 25, 26),
    ]
    assert rows[-1] == ("environment", 51, 54, None, None, None)


def test_a_measure_that_a_sheet_must_have_may_not_be_empty(place: Place) -> None:
    sheet = files.upper_tier_sheet("Income")
    sheet[1][-1] = None
    refusal = refused(place, "summary.xlsx", files.upper_tier_workbook(Income=sheet))
    assert "an empty cell where each row needs one filled" in refusal.problem
    assert refusal.place == "sheet 'Income', row 2, column 'rank of scale'"


def test_a_sheet_of_another_domain_under_a_domains_name_is_refused(place: Place) -> None:
    content: dict[str, Any] = {
        name: files.upper_tier_sheet(name) for name in files.UPPER_TIER_SHEETS
    }
    content["Crime"] = content.pop("Living")
    refusal = refused(place, "summary.xlsx", as_xlsx(content))
    assert "not the sheets that" in refusal.problem
    assert "environment" in str(refusal.expected)


# A file without a header.


def test_a_file_without_a_header_is_read_from_its_first_row(real: Place) -> None:
    assert real.query(
        "select practice_code, icb_ods_code, address_3, open_date, close_date, status_code,"
        " telephone, prescribing_setting from raw.ods_practices order by 1 limit 1"
    ) == [("A80000", "QHM", "TOWN", "19740401", None, "A", "01642 000000", "4")]
    assert real.column("ods_practices", "practice_code") == ["A80000", "A80001", "A80002"]


# Networks: one workbook, two tables.


def test_networks_and_members_are_told_apart(real: Place) -> None:
    assert real.query(
        "select record, pcn_code, commissioner_code, open_date, practice_code, start_date, end_date"
        " from raw.ods_networks order by record"
    ) == [
        ("member", "U99999", "02P", None, "C85628", "20191001", "20200831"),
        ("network", "U99999", "02P", "20191001", None, None, None),
    ]


def test_what_one_sheet_must_fill_another_lacks(place: Place) -> None:
    sheets = files.network_sheets()
    sheets["PCN Core Partner Details"][1][8] = ""
    refusal = refused(place, "networks.xlsx", as_xlsx(sheets))
    assert refusal.place == (
        "sheet 'PCN Core Partner Details', row 2, column 'Practice to PCN Relationship Start Date'"
    )


def test_a_membership_ends_on_a_day_that_exists(place: Place) -> None:
    sheets = files.network_sheets()
    sheets["PCN Core Partner Details"][1][9] = "20210229"
    refusal = refused(place, "networks.xlsx", as_xlsx(sheets))
    assert refusal.got == "'20210229' (in 1 row)"
    assert refusal.expected == "a day that exists, as 20200401"


# Outlines.


def test_level_and_year_are_in_the_names_of_the_properties(real: Place) -> None:
    rows = real.query(
        "select area_code, area_name, area_level, boundary_year, longitude, geometry"
        " from raw.area_boundaries order by 1 limit 1"
    )
    outline = '{"type":"Polygon","coordinates":[[[-2.5,53.5],[-2.4,53.5]]]}'
    assert rows == [("E06000901", "Council 1", "ltla", "2024", -2.45, outline)]


def test_outlines_in_another_system_of_coordinates_are_refused(place: Place) -> None:
    document = files.boundaries()
    document["crs"]["properties"]["name"] = "EPSG:27700"
    refusal = refused(place, "b.json", as_json(document))
    assert "coordinates in EPSG:27700" in str(refusal.got)


@pytest.mark.parametrize("part", ["geometry", "properties"])
def test_a_feature_that_lacks_something_is_refused(place: Place, part: str) -> None:
    document = files.boundaries()
    document["features"][1][part] = {}
    refusal = refused(place, "b.json", as_json(document))
    assert "not all of the document has the shape of ONS boundaries" in refusal.problem


def test_outlines_of_a_level_that_nobody_knows_are_no_known_document(place: Place) -> None:
    refusal = refused(place, "b.json", as_json(files.boundaries("PARISH24")))
    assert "a JSON document of a shape that no source here has" in refusal.problem


# Lookups.


def test_a_lookup_as_ons_issues_it_is_a_link_for_each_level(real: Place) -> None:
    assert real.query(
        "select child_level, child_code, parent_level, parent_code from raw.area_links order by 3"
    ) == [
        ("lsoa21", "E01000001", "ltla22", "E06000901"),
        ("lsoa21", "E01000001", "ward22", "E05000001"),
    ]


def test_a_district_beside_a_redrawn_area_is_the_redrawn_areas(place: Place) -> None:
    names = ["lsoa11_name", "lsoa11_code", "change_code", "lsoa21_name", "lsoa21_code"]
    columns = {name: [name] for name in [*names, "ltla22_name", "ltla22_code"]}
    place.put("split.parquet", as_parquet(columns))
    assert place.land().refused == []
    assert place.query(
        "select child_level, parent_level, change_code from raw.area_links order by all"
    ) == [("lsoa11", "lsoa21", "change_code"), ("lsoa21", "ltla22", None)]


def test_a_code_that_is_missing_in_a_lookup_is_told_with_what_it_comes_to(place: Place) -> None:
    rows = change(files.wards(), 2, "WD22NM", "")
    place.put("wards.csv", as_csv(rows))
    assert place.land().refused == []
    assert set(place.column("area_links", "parent_name")) == {None, "Council 1"}

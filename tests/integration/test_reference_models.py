"""Populations, small areas and deprivation by area, worked out from a small inbox of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dagster_project import warehouse
from dagster_project.home import Home
from dagster_project.pipeline import dbt_runner, judging_worker, runs
from dagster_project.pipeline.steps import land_step
from dagster_project.refresh import held, request_for
from tests.support import landing_reference as files
from tests.support.landing_files import as_parquet

pytestmark = pytest.mark.xdist_group("reference")

Ask = Callable[[str], list[tuple[Any, ...]]]

MODELS = (
    *("int_populations", "int_small_areas", "int_small_area_links"),
    *("int_small_area_populations", "int_deprivation_areas"),
)

# Bournemouth, Poole and Christchurch, which became one; East Dorset, in a county that has ended.
DORSET = ("E06000028", "E06000029", "E07000048", "E07000049")
# One sheet's people at all ages in the first area of a list; each next has 91 more.
FIRST = 91 + 13 * 21


def write_inbox(inbox: Any) -> None:
    sheets = {s: files.populations(s, 2016, DORSET) for s in files.POPULATION_SHEETS}
    small_areas = ["E01000000", "E01000001", "E01000002"]
    board = ["E54000052", "E54000052", "E54000008"]
    content = {
        "estimates.xls": files.population_workbook(**sheets),
        "population20.parquet": files.small_area_populations(times=2),
        "population14.parquet": files.small_area_populations(),
        "imd.parquet": files.imd_2015(),
        # Allerdale, which became part of Cumberland, and Halton; the first board was renamed.
        "areas.parquet": as_parquet(
            {
                "lsoa11_code": small_areas,
                "lsoa11_name": ["Place"] * 3,
                "sicbl22_code": ["E38000215", "E38000215", "E38000068"],
                "sicbl22_name": ["Part"] * 3,
                "sicbl22_code_h": ["01H", "01H", "01F"],
                "icb22_code": board,
                "icb22_name": ["Board"] * 3,
                "icb22_code_h": ["QHM"] * 3,
                "ltla22_code": ["E07000026", "E07000026", "E06000006"],
                "ltla22_name": ["District"] * 3,
            }
        ),
        "changes.parquet": as_parquet(
            {
                "lsoa11_code": ["E01000000", "E01000001", "E01000001", "E01000002"],
                "lsoa11_name": ["Place"] * 4,
                "change_code": ["U", "S", "S", "U"],
                "lsoa21_code": ["E01000000", "E01030001", "E01030002", "E01000002"],
                "lsoa21_name": ["Place"] * 4,
                "ltla22_code": ["E07000026", "E07000026", "E07000026", "E06000006"],
                "ltla22_name": ["District"] * 4,
            }
        ),
    }
    inbox.mkdir()
    for name, file in content.items():
        (inbox / name).write_bytes(file)


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    folder = tmp_path_factory.mktemp("reference")
    home, inbox = Home(folder / "home"), folder / "inbox"
    write_inbox(inbox)
    with held(home):
        try:
            land_step(request_for(home, [str(inbox)], sample=False, as_of="2026-11-22"))
        finally:
            judging_worker.dismiss(home)
        run = runs.last(home)
        assert run is not None
        assert run["summary"]["landing"]["refused"] == []
        # What stands on these models, and all that is judged and released, is for other tests.
        tests = ("resource_type:test", "resource_type:unit_test")
        dbt_runner.run(home, "build", [f"+{name}" for name in MODELS], tests)
    with warehouse.connect(home, read_only=True) as connection:
        yield lambda query: connection.execute(query).fetchall()


def test_ages_become_bands_of_five_years(ask):
    rows = ask(
        "select age_band, persons from intermediate.int_populations"
        " where area_code = 'E06000028' and sex = 'Male'"
    )
    bands = dict(rows)
    assert len(bands) == 20
    assert bands["0-4"] == 1 + 2 + 3 + 4 + 5
    assert bands["85-89"] == sum(1 + age % 7 for age in range(85, 90))
    assert bands["90+"] == 1 + 90 % 7
    assert bands["All ages"] == FIRST == sum(v for k, v in bands.items() if k != "All ages")


def test_an_area_that_came_later_is_its_districts_of_the_time(ask):
    rows = ask(
        "select area_code, area_type, sex, persons, is_recast from intermediate.int_populations"
        " where age_band = 'All ages' and sex = 'Persons' and made_from = 'mid_year_estimates'"
        " order by is_recast, area_code"
    )
    assert rows == [
        ("E06000028", "utla", "Persons", 2 * FIRST, False),
        ("E06000029", "utla", "Persons", 2 * (FIRST + 91), False),
        ("E07000048", "district", "Persons", 2 * (FIRST + 182), False),
        ("E07000049", "district", "Persons", 2 * (FIRST + 273), False),
        ("E06000058", "utla", "Persons", 2 * (3 * FIRST + 91 + 182), True),
        ("E06000059", "utla", "Persons", 2 * (FIRST + 273), True),
    ]


def test_nhs_areas_are_their_small_areas_under_todays_codes(ask):
    rows = ask(
        "select mid_year, area_type, area_code, persons, made_from"
        " from intermediate.int_populations where made_from = 'small_areas'"
        " and age_band = 'All ages' and mid_year = 2020 and area_type = 'icb' order by area_code"
    )
    assert rows == [
        (2020, "icb", "E54000008", 91.0 * 6, "small_areas"),
        (2020, "icb", "E54000063", 91.0 * (2 + 4), "small_areas"),
    ]


def test_small_areas_lie_in_todays_areas_and_in_those_of_the_time(ask):
    rows = ask(
        "select lsoa_code, ltla_then_code, utla_then_code, ltla_code, utla_code, region_code,"
        " icb_code, nhs_region_code from intermediate.int_small_areas where lsoa_year = 2011"
        " order by 1"
    )
    cumbria = ("E07000026", "E10000006", "E06000063", "E06000063", "E12000002")
    halton = ("E06000006", "E06000006", "E06000006", "E06000006", "E12000002")
    renamed, same = ("E54000063", "E40000005"), ("E54000008", "E40000010")
    assert rows == [
        ("E01000000", *cumbria, *renamed),
        ("E01000001", *cumbria, *renamed),
        ("E01000002", *halton, *same),
    ]


def test_a_code_that_has_ended_stands_beside_todays(ask):
    rows = ask(
        "select area_tier, area_code, is_current from intermediate.int_small_area_links"
        " where lsoa_year = 2011 and lsoa_code = 'E01000001' and area_tier in ('ltla', 'utla')"
        " order by all"
    )
    assert rows == [
        ("ltla", "E06000063", True),
        ("ltla", "E07000026", False),
        ("utla", "E06000063", True),
        ("utla", "E10000006", False),
    ]


def test_a_small_area_that_was_split_is_shared_out_equally(ask):
    rows = ask(
        "select lsoa_code, persons from intermediate.int_small_area_populations"
        " where lsoa_year = 2021 and mid_year = 2020 and age_band = 'All ages' order by 1"
    )
    assert rows == [
        ("E01000000", 182.0),
        ("E01000002", 546.0),
        ("E01030001", 182.0),
        ("E01030002", 182.0),
    ]


def test_averages_of_deprivation_are_weighed_by_the_nearest_year(ask):
    """Scores 30.5, 20.5 and 10.5 for 1, 2 and 3 people of each age; of 32,844 ranks 1, 2, 3."""
    rows = ask(
        "select area_code, average_score, average_rank, share_most_deprived,"
        " rank_of_average_score, decile_of_average_score, small_areas, weights"
        " from intermediate.int_deprivation_areas"
        " where edition = 2015 and area_tier = 'utla' order by area_code"
    )
    cumberland = ((30.5 + 2 * 20.5) / 3, (32844 + 2 * 32843) / 3, 1.0)
    assert [row[0] for row in rows] == ["E06000006", "E06000063", "E10000006"]
    assert rows[0][1:] == (10.5, 32842.0, 1.0, 2, 10, 1, "mid_2014_population")
    assert rows[1][1:4] == pytest.approx(cumberland)
    assert rows[1][4:] == (1, 5, 2, "mid_2014_population")
    # The county has ended: it has its average, and no place among today's areas.
    assert rows[2][1:4] == rows[1][1:4]
    assert rows[2][4:6] == (None, None)

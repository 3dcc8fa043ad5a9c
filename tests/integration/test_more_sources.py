"""NHSOF, PROMs, the panel of boards and Fingertips at second hand: from small files to values."""

from __future__ import annotations

from collections import Counter
from typing import Any

import duckdb
import pytest

from dagster_project.refresh import Outcome
from tests.support.more_sources import INBOX
from tests.support.small_year import SmallYear

pytestmark = pytest.mark.xdist_group("more_sources")


@pytest.fixture(scope="module")
def first(small_year: SmallYear) -> Outcome:
    """What came of the refresh in which they were new."""
    return small_year.steps[0]


@pytest.fixture(scope="module")
def ask(small_year: SmallYear, first: Outcome) -> Any:
    data = small_year.home.releases / str(first.release) / "data"
    with duckdb.connect() as connection:
        for path in sorted(data.glob("*.parquet")):
            connection.execute(f"create view {path.stem} as select * from read_parquet('{path}')")
        yield lambda query: connection.execute(query).fetchall()


def test_all_of_it_landed_and_what_is_left_is_said(first):
    landing = first.summary["landing"]
    assert INBOX.keys().isdisjoint(item["file"] for item in landing["refused"])
    assert [left["file"] for left in landing["out_of_scope"]] == ["README.md"]
    assert INBOX.keys() - set(landing["landed"]) == {"README.md"}


def test_a_footnote_glued_to_a_year_is_no_part_of_it_and_a_mark_hides_all(ask):
    assert ask(
        "select area_code, period_label, sex, breakdown, status, value, numerator, denominator"
        " from indicator_values where source_id = 'nhsof'"
        " and indicator_id = 'unplanned_admissions_chronic_ambulatory_conditions' order by all"
    ) == [
        ("E08000007", "2012/13", "Persons", "all", "suppressed", None, None, None),
        ("E92000001", "2012/13", "Female", "all", "published", 780.5, 200.0, 25000.0),
        ("E92000001", "2012/13", "Persons", "Most deprived", "published", 990.1, 90.0, 5000.0),
        ("E92000001", "2012/13", "Persons", "all", "published", 800.5, 400.0, 50000.0),
        # The two parts beside it are nobody's: all of England they are not.
        ("E92000001", "2013/14", "Female", "all", "published", 781.5, 200.0, 25000.0),
    ]


def test_an_area_by_its_name_and_a_later_version_of_a_file(ask):
    assert ask(
        "select area_code, period_label, value from indicator_values"
        " where indicator_id = 'employment_rate_long_term_conditions' order by 1"
    ) == [("E12000002", "2013 Q1", 58.2), ("E92000001", "2013 Q1", 60.7)]


def test_a_code_that_was_given_to_another_measure_counts_from_its_edition_only(ask):
    assert ask(
        "select indicator_id, period_label, value from indicator_values"
        " where source_id = 'nhsof' and value between 61 and 63"
    ) == [("five_year_survival_childhood_cancers", "2016", 62.5)]


def test_what_has_no_place_is_set_aside_by_name(first):
    told = first.summary["set_aside"]
    assert told["rows"] == 8
    assert {each["file"] for each in told["files"]} <= INBOX.keys()
    rows: Counter[tuple[str, str]] = Counter()
    for each in told["files"]:
        assert each["got"]
        rows[each["source_id"], each["reason"]] += each["rows"]
    assert rows == {
        ("fingertips_derived", "area_without_code"): 1,
        ("icb_panel", "indicator_not_registered"): 1,
        # A hospital, a region that is none, and two words for a sex that are none.
        ("nhsof", "area_without_code"): 4,
        ("nhsof", "indicator_not_registered"): 1,
        ("proms", "area_without_code"): 1,
    }


def test_health_gain_by_provider_commissioner_and_england(ask):
    hidden = "suppressed_by_publisher"
    assert ask(
        "select area_type, area_code, period_label, breakdown, status, status_reason, value,"
        " denominator from indicator_values where indicator_id = 'hip_replacement_health_gain_eq5d'"
        " order by all"
    ) == [
        ("england", "E92000001", "2018/19", "all", "published", None, 0.45, 1000.0),
        # The series says so of one year; of the other the year's own file has more digits.
        ("provider", "RXX", "2017/18", "all", "published", None, 0.43, 80.0),
        ("provider", "RXX", "2018/19", "Revision", "not_calculated", "too_few_events", None, None),
        ("provider", "RXX", "2018/19", "all", "published", None, 0.44123, 90.0),
        ("provider", "RYY", "2018/19", "Revision", "suppressed", hidden, None, None),
        ("provider", "RZZ", "2017/18", "all", "not_available", "zero_denominator", None, None),
        ("provider", "RZZ", "2018/19", "all", "not_available", "zero_denominator", None, None),
        ("sub_icb", "E38000174", "2018/19", "all", "published", None, 0.43, 40.0),
    ]
    assert ask(
        "select area_code, status, value, numerator, denominator from indicator_values"
        " where indicator_id = 'hip_replacement_improved_vas' order by 1"
    ) == [
        ("E92000001", "published", 69.1, 691.0, 1000.0),
        ("RXX", "suppressed", None, None, None),
    ]
    assert ask("select area_name from areas where area_code = 'RXX'") == [("A HOSPITAL",)]


def test_boards_stand_under_their_present_codes_and_years_are_financial(ask):
    assert ask(
        "select indicator_id, area_code, period_label, status, value from indicator_values"
        " where source_id = 'icb_panel' order by all"
    ) == [
        ("dementia_qof_prevalence", "E54000039", "2021/22", "published", 0.7),
        ("dementia_qof_prevalence", "E54000050", "2021/22", "not_available", None),
        ("waiting_over_18_weeks_for_treatment", "E54000039", "2021/22", "published", 31.5),
    ]


def test_variants_of_an_indicator_stay_apart_and_the_sex_is_found_where_it_stands(ask):
    assert ask(
        "select indicator_id, period_type, sex, breakdown, value from indicator_values"
        " where source_id = 'fingertips_derived' order by all"
    ) == [
        ("health_checks_received_cumulative", "financial_quarters_7", "Persons", "all", 9.5),
        ("life_expectancy_at_birth", "calendar_years_3", "Male", "all", 79.5),
        ("under_75_mortality_preventable_causes", "calendar_year", "Male", "all", None),
        ("year_6_obesity", "academic_year", "Persons", "all", 20.1),
        (
            "year_6_obesity_five_years",
            "academic_years_5",
            "Persons",
            "Most deprived quintile",
            28.9,
        ),
    ]


def test_nothing_of_it_is_held(ask):
    # Of the files beside it a value is, which its own counts don't make.
    others = [("vaccination_mmr_one_dose_aged_2", "E08000016")]
    assert ask("select indicator_id, area_code from holds") == others


def test_no_questionnaire_reaches_a_release_or_the_warehouse(small_year):
    home = small_year.home
    # An age band that one questionnaire alone holds is in the bytes that landed, and nowhere else.
    holding = [p for p in home.root.rglob("*") if p.is_file() and b"70 to 79" in p.read_bytes()]
    assert [path.parent.parent for path in holding] == [home.landing]
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        counted = connection.execute(
            "select sum(record_count), count(*) from staging.stg_proms__record_counts"
        ).fetchall()
    assert counted == [(6, 2)]

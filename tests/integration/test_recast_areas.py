"""Values of areas that have ended, given to today's areas: a small inbox from files to release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project import warehouse
from dagster_project.home import Home
from dagster_project.refresh import refresh, request_for
from dagster_project.release.store import ReleaseStore
from dagster_project.release.withdraw import withdraw_key
from tests.support.recast_rows import (
    ALLERDALE,
    BARROW,
    BCP,
    BUCKINGHAMSHIRE,
    CITY,
    CORNWALL,
    CUMBERLAND,
    CUMBRIA,
    ENGLAND,
    HACKNEY,
    NORTH,
    SCILLY,
    SOMERSET,
    SOMERSET_COUNTY,
    WEST,
    WESTMORLAND,
    Said,
    write,
)
from tests.support.small_year import SmallYear

pytestmark = pytest.mark.xdist_group("recast")

Ask = Callable[[str], list[tuple[Any, ...]]]


def run(home: Home, inbox: Path) -> None:
    refresh(request_for(home, [str(inbox)], sample=False, as_of="2026-11-22"))


def answer(home: Home, query: str) -> list[tuple[Any, ...]]:
    """What the latest release's tables say."""
    with duckdb.connect() as connection:
        for path in (home.releases / "latest" / "data").glob("*.parquet"):
            connection.execute(f"create view {path.stem} as from read_parquet('{path}')")
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def home(small_year: SmallYear) -> Home:
    return small_year.home


@pytest.fixture(scope="module")
def ask(home: Home) -> Ask:
    return lambda query: answer(home, query)


@pytest.fixture(scope="module")
def ask_warehouse(home: Home) -> Iterator[Ask]:
    with warehouse.connect(home, read_only=True) as connection:
        yield lambda query: connection.execute(query).fetchall()


def recast(ask: Ask, area: str, indicator: str = "vaccination_mmr_one_dose_aged_2") -> Any:
    """Status, reason, numerator and denominator of the value made here for an area."""
    rows = ask(
        "select status, status_reason, numerator, denominator from indicator_values"
        f" where area_code = '{area}' and origin = 'computed' and indicator_id = '{indicator}'"
    )
    return rows[0] if rows else None


@pytest.mark.parametrize(
    ("area", "numerator", "denominator"),
    [
        (SOMERSET, 4500, 5000),
        (CUMBERLAND, 2100, 2400),
        (BCP, 3100, 3550),
        ("E08000039", 5000, 5500),
    ],
)
def test_counts_of_all_predecessors_are_added_up(ask, area, numerator, denominator):
    assert recast(ask, area) == ("published", None, numerator, denominator)


def test_value_and_limits_are_by_the_method_and_say_that_they_are_recast(ask):
    """Wilson's limits of 2,100 of 2,400, worked out by hand: 86.12 and 88.76."""
    ((value, lower, upper, method, unit, flags, source),) = ask(
        "select value, lower_95, upper_95, method, unit, flags, source_id from indicator_values"
        f" where area_code = '{CUMBERLAND}' and origin = 'computed'"
    )
    assert value == pytest.approx(87.5)
    assert (lower, upper) == pytest.approx((86.1158, 88.7629), abs=1e-3)
    assert (method, unit, flags, source) == ("proportion", "%", ["recast_area"], "fingertips")


@pytest.mark.parametrize(
    ("area", "status", "reason"),
    [
        (WESTMORLAND, "suppressed", "suppressed_to_protect_another"),
        (BUCKINGHAMSHIRE, "not_calculated", "predecessor_missing"),
        (NORTH, "not_calculated", "area_was_split"),
        (WEST, "not_calculated", "area_was_split"),
        ("E08000038", "not_calculated", "counts_not_of_value"),
    ],
)
def test_no_sum_is_made_where_none_would_be_right(ask, area, status, reason):
    assert recast(ask, area) == (status, reason, None, None)


def test_a_standardised_rate_is_not_added_up(ask):
    refused = ("not_calculated", "not_a_rate_of_counts", None, None)
    assert recast(ask, SOMERSET, "suicide_rate") == refused


def test_where_the_publisher_has_todays_area_nothing_is_made(ask):
    assert recast(ask, "E06000059") is None


def test_rows_of_areas_that_have_ended_stay_as_they_were(ask):
    rows = ask(
        "select numerator, denominator, origin, flags from indicator_values"
        f" where area_code in ('{ALLERDALE}', '{SOMERSET_COUNTY}') and denominator < 9999"
        " order by 1"
    )
    assert rows == [(700, 800, "published", []), (4500, 5000, "published", [])]


def test_todays_areas_hold_what_those_of_the_time_held_once(ask, ask_warehouse):
    """What was added up is in one area of today each, and not beside its predecessors."""
    assert (
        ask_warehouse(
            "select count(*) from intermediate.int_recast_parts as parts"
            " inner join intermediate.int_recast__observations as recast"
            " on parts.recast_row_id = recast.row_id"
            " where recast.status = 'published' group by parts.row_id, parts.area_tier"
            " having count(distinct parts.current_code) > 1"
        )
        == []
    )
    # All of today's upper tiers that have a value, each once: within England's count.
    (((todays, england),)) = ask(
        "select sum(numerator) filter (where areas.valid_to is null and is_utla),"
        f" sum(numerator) filter (where area_code = '{ENGLAND}')"
        " from indicator_values inner join areas using (area_code)"
        " where indicator_id = 'vaccination_mmr_one_dose_aged_2' and period_label = '2018/19'"
    )
    assert todays == 4500 + 2100 + 3100 + 5000 + 3000 + 5000 + 4000
    assert todays < england


def test_the_summary_counts_an_area_and_its_successor_once(ask):
    rows = ask(
        'select area_code, sum(better + "similar" + worse) from domain_summary'
        f" where area_code in ('{SOMERSET_COUNTY}', '{SOMERSET}', '{CUMBERLAND}', '{ALLERDALE}',"
        f" '{BARROW}', '{CUMBRIA}') and edition = '2019 on' group by 1 order by 1"
    )
    assert dict(rows) == {CUMBERLAND: 1, SOMERSET: 1, SOMERSET_COUNTY: 0, BARROW: 0}


def test_a_recast_value_is_compared_with_the_publishers_england(ask):
    assert ask(
        "select comparator_value, judgement, reason from comparisons"
        f" where area_code = '{CUMBERLAND}' and comparator_type = 'england'"
    ) == [(90.0, "worse", None)]


def test_one_value_for_two_areas_is_marked_and_the_other_area_has_none(ask):
    rows = ask(
        "select area_code, status, status_reason, value is null, flags from indicator_values"
        f" where area_code in ('{CORNWALL}', '{SCILLY}', '{HACKNEY}', '{CITY}')"
        " and period_label = '2018/19' order by indicator_id desc, area_code"
    )
    told = ("not_available", "combined_with_another_area", True, [])
    marked = ("published", None, False, ["combined_area"])
    of_the_other = (CITY, *told)
    assert rows == [
        (CORNWALL, *marked),
        (SCILLY, *told),
        of_the_other,
        (HACKNEY, *marked),
        of_the_other,
        (HACKNEY, *marked),
    ]


def test_an_old_countys_value_under_the_new_code_says_so(ask):
    assert ask(
        "select flags, origin from indicator_values"
        f" where area_code = '{SOMERSET}' and period_label = '2023/24'"
    ) == [(["recast_area"], "published")]


@pytest.mark.slow
def test_with_a_part_is_held_and_taken_back_what_was_added_up_from_it(tmp_path):
    home, inbox = Home(tmp_path / "home"), tmp_path / "inbox"
    england = Said(ENGLAND, 90000, 100000)
    write(inbox, england, Said(SOMERSET_COUNTY, 4500, 5000, limits=(95.0, 96.0)))
    run(home, inbox)
    query = (
        "select origin, status, status_reason, numerator from indicator_values"
        f" where area_code in ('{SOMERSET_COUNTY}', '{SOMERSET}') order by origin desc"
    )
    assert answer(home, query) == [
        ("published", "held", "C43", None),
        ("computed", "held", "C43", None),
    ]
    write(inbox, england, Said(SOMERSET_COUNTY, 4600, 5000))
    run(home, inbox)
    assert [row[3] for row in answer(home, query)] == [4600, 4600]
    key = {"indicator_id": "vaccination_mmr_one_dose_aged_2", "area_code": SOMERSET_COUNTY}
    withdraw_key(ReleaseStore(home), home.state, key, "a mistake")
    # In the release that is there, and in the next that is made.
    taken_back = [(origin, "withdrawn", "withdrawn", None) for origin in ("published", "computed")]
    assert answer(home, query) == taken_back
    write(inbox, england, Said(SOMERSET_COUNTY, 4600, 5000), Said("E08000007", 900, 1000))
    run(home, inbox)
    assert answer(home, query) == taken_back

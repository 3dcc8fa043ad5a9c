"""The mart `domain_summary` on made-up comparisons: which period and series speak."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import models

TIER = {"area_tier": "utla", "predecessor_tier": "utla"}
TODAYS = {"recast_row_id": "1", "row_id": "1", "source_id": "fingertips", "status": "published"}
COUNTY, UNITARY = "E10000027", "E06000066"


YEAR = ("financial_year", "2020-04-01")
LAST_QUARTER = ("financial_quarter", "2021-01-01")
FOUR_QUARTERS = ("financial_quarters_4", "2020-04-01")


def comparison(period: tuple[str, str], judgement: str, **said: Any) -> dict[str, Any]:
    """How one district stands against England in a period that ends in March 2021."""
    return {
        "indicator_id": "smoking",
        "area_type": "utla",
        "area_code": "E06000023",
        "period_type": period[0],
        "period_start": period[1],
        "period_end": "2021-03-31",
        "period_label": "2020/21",
        "sex": "Persons",
        "age": "18+ yrs",
        "origin": "published",
        "comparator_type": "england",
        "breakdown_type": "all",
        "breakdown": "all",
        "segment": "all",
        "judgement": judgement,
        "reason": None,
    } | said


def recast_to(unitary: str, status: str = "published") -> dict[str, list[dict[str, Any]]]:
    """A county's value of 2020/21, recast to the unitary that it became."""
    part = TIER | TODAYS | {"current_code": unitary, "area_code": COUNTY}
    change = TIER | {"area_code": COUNTY, "current_code": unitary, "share": 1.0}
    key = {name: said for name, said in comparison(YEAR, "better").items() if name not in part}
    return {
        "int_recast_parts": [part | key],
        "int_recast__observations": [TIER | TODAYS | {"status": status}],
        "int_area_changes": [change],
    }


NOTHING_RECAST = recast_to(UNITARY, status="not_calculated")


def summaries(
    *comparisons: dict[str, Any],
    areas: str | None = None,
    life_cycle: str = "live",
    recast: dict[str, list[dict[str, Any]]] | None = None,
    headline: tuple[str | None, str | None] = ("Persons", "18+ yrs"),
    domain_kind: str = "domain",
) -> list[dict[str, Any]]:
    """The rows of the summary, where values were recast as `recast` says, or none was."""
    named = {"framework": "phof", "edition": "2019 on"}
    return models.rows(
        "marts/domain_summary.sql",
        "intermediate/int_given_way.sql",
        "marts/headlines.sql",
        int_headline_judgements=list(comparisons),
        indicator_values=[said for said in comparisons if said["comparator_type"] == "england"],
        int_indicators=[
            {"indicator_id": "smoking", "headline_sex": headline[0], "headline_age": headline[1]}
        ],
        int_kept_back=[{"row_id": "another", "status": "held"}],
        int_areas=[
            {"area_code": "E06000023", "area_type": "utla"},
            {"area_code": "E54000039", "area_type": "icb"},
        ],
        int_framework_indicators=[
            named | {"domain_code": "C", "indicator_id": "smoking", "life_cycle": life_cycle}
        ],
        int_frameworks=[named | {"valid_to": "9999-12-31", "area_codes": areas}],
        domains=[named | {"domain_code": "C", "kind": domain_kind}],
        **(recast or NOTHING_RECAST),
    )


def summary(*comparisons: dict[str, Any]) -> dict[str, Any]:
    """The one row of the summary."""
    (found,) = summaries(*comparisons)
    return found


def test_a_year_and_its_last_quarter_are_one_series_and_the_year_speaks():
    found = summary(comparison(LAST_QUARTER, "worse"), comparison(YEAR, "better"))
    assert (found["better"], found["worse"], found["mixed"]) == (1, 0, 0)
    assert found["expected_worse_by_chance"] == 0.025
    assert str(found["earliest_period_start"]) == "2020-04-01"


def test_a_year_and_four_quarters_are_as_long_and_one_of_them_speaks():
    found = summary(comparison(YEAR, "better"), comparison(FOUR_QUARTERS, "worse"))
    assert (found["better"], found["worse"], found["mixed"]) == (1, 0, 0)


def test_a_later_quarter_speaks_before_a_year():
    later = comparison(("financial_quarter", "2021-04-01"), "worse", period_end="2021-06-30")
    found = summary(comparison(YEAR, "better"), later)
    assert (found["better"], found["worse"], found["mixed"]) == (0, 1, 0)


@pytest.mark.parametrize(
    ("kind", "segment", "speaks"),
    [
        # The segment's own series speaks in its domain: nobody is compared with it.
        ("segment", "C", "not_compared"),
        # Another segment, or a domain that is none: everybody's speaks.
        ("segment", "D", "better"),
        ("domain", "C", "better"),
    ],
)
def test_in_a_domain_that_is_a_segment_its_own_series_speaks(kind, segment, speaks):
    everybody = comparison(YEAR, "better")
    its_own = comparison(YEAR, "not_compared", segment=segment, reason="no_segment_elsewhere")
    (found,) = summaries(everybody, its_own, domain_kind=kind)
    told = {name: found[name] for name in ("indicators", "better", "not_compared")}
    assert told == {"indicators": 1, "better": 0, "not_compared": 0} | {speaks: 1}


def test_a_segment_speaks_of_its_own_newest_period():
    earlier = comparison(
        YEAR, "not_compared", segment="C", period_start="2019-04-01", period_end="2020-03-31"
    )
    (found,) = summaries(comparison(YEAR, "better"), earlier, domain_kind="segment")
    assert (found["not_compared"], str(found["earliest_period_start"])) == (1, "2019-04-01")


def test_a_local_framework_speaks_of_its_own_areas_alone():
    there = comparison(YEAR, "better")
    elsewhere = comparison(YEAR, "worse", area_code="E08000007")
    assert len(summaries(there, elsewhere)) == 2
    (found,) = summaries(there, elsewhere, areas="E06000023")
    assert (found["area_code"], found["better"], found["worse"]) == ("E06000023", 1, 0)


def test_a_local_framework_says_of_each_of_its_areas_what_it_lacks():
    nothing = comparison(YEAR, "better", indicator_id="another")
    rows = summaries(nothing, areas="E54000039|E06000023")
    found = {row["area_code"]: row for row in rows}
    assert {code: row["area_type"] for code, row in found.items()} == {
        "E54000039": "icb",
        "E06000023": "utla",
    }
    for row in rows:
        assert (row["indicators"], row["no_data"], row["better"]) == (1, 1, 0)
        assert (row["latest_period_end"], row["expected_worse_by_chance"]) == (None, 0)


@pytest.mark.parametrize("headline", [("Persons", "18+ yrs"), (None, None)])
def test_the_only_series_there_is_speaks(headline):
    men = comparison(YEAR, "worse", sex="Male")
    (found,) = summaries(men, headline=headline)
    assert (found["worse"], found["no_data"]) == (1, 0)
    # Of two that aren't declared none is the headline.
    women = comparison(YEAR, "better", sex="Female", age="65+ yrs")
    assert summaries(men, women, headline=headline) == []


def test_where_the_declared_series_is_there_no_other_speaks():
    found = summary(comparison(YEAR, "better"), comparison(YEAR, "worse", sex="Male"))
    assert (found["better"], found["worse"]) == (1, 0)


def test_what_is_retired_is_not_counted_and_what_is_under_review_is():
    assert summaries(comparison(YEAR, "better"), life_cycle="retired") == []
    assert len(summaries(comparison(YEAR, "better"), life_cycle="under_review")) == 1


def test_an_area_that_was_recast_is_counted_once():
    county = comparison(YEAR, "worse", area_code=COUNTY)
    unitary = comparison(YEAR, "worse", area_code=UNITARY, origin="computed")
    rows = summaries(county, unitary, recast=recast_to(UNITARY))
    assert [(row["area_code"], row["indicators"], row["worse"]) for row in rows] == [
        (UNITARY, 1, 1)
    ]
    # Where nothing could be added up, the county speaks for itself.
    refused = recast_to(UNITARY, status="not_calculated")
    alone = summaries(county, recast=refused)
    assert [(row["area_code"], row["worse"]) for row in alone] == [(COUNTY, 1)]


def test_an_area_with_its_publishers_value_and_a_recast_one_is_counted_once():
    both = [comparison(YEAR, "better"), comparison(YEAR, "worse", origin="computed")]
    found = summary(*both)
    assert (found["indicators"], found["better"], found["worse"], found["mixed"]) == (1, 1, 0, 0)

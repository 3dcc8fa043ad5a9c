"""The mart `domain_summary` on made-up comparisons: which period speaks."""

from __future__ import annotations

from typing import Any

from tests import models

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
        "sex": "Persons",
        "age": "18+ yrs",
        "origin": "published",
        "comparator_type": "england",
        "breakdown_type": "all",
        "segment": "all",
        "judgement": judgement,
        "reason": None,
    } | said


def summaries(
    *comparisons: dict[str, Any], areas: str | None = None, life_cycle: str = "live"
) -> list[dict[str, Any]]:
    """The rows of the summary."""
    named = {"framework": "phof", "edition": "2019 on"}
    return models.rows(
        "marts/domain_summary.sql",
        comparisons=list(comparisons),
        int_indicators=[
            {"indicator_id": "smoking", "headline_age": "18+ yrs", "headline_sex": "Persons"}
        ],
        int_framework_indicators=[
            named | {"domain_code": "C", "indicator_id": "smoking", "life_cycle": life_cycle}
        ],
        int_frameworks=[named | {"valid_to": "9999-12-31", "area_codes": areas}],
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


def test_a_local_framework_speaks_of_its_own_areas_alone():
    there = comparison(YEAR, "better")
    elsewhere = comparison(YEAR, "worse", area_code="E08000007")
    assert len(summaries(there, elsewhere)) == 2
    (found,) = summaries(there, elsewhere, areas="E54000039|E06000023")
    assert (found["area_code"], found["better"], found["worse"]) == ("E06000023", 1, 0)


def test_what_is_retired_is_not_counted_and_what_is_under_review_is():
    assert summaries(comparison(YEAR, "better"), life_cycle="retired") == []
    assert len(summaries(comparison(YEAR, "better"), life_cycle="under_review")) == 1

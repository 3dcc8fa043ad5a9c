"""The mart `alignment` on made-up values: what stands beside what, how far apart, and why not."""

from __future__ import annotations

import math

import pytest
from alignment_support import COMPARABLE, LINK, aligned

from tests.support import models

YEAR_BEFORE = {"period_start": "2019-04-01", "period_end": "2020-03-31", "period_label": "2019/20"}
OTHER = {"indicator_id": "quitting"}
RIGHT = OTHER | {"value": 15.0, "lower_95": 14.0, "upper_95": 16.5}


def test_two_measures_differ_by_their_limits_squared_and_added():
    (row,) = aligned(models.value(), models.value(**RIGHT), judgements=("worse", "better"))
    assert row["difference"] == 5.0
    assert row["difference_lower_95"] == pytest.approx(5 - math.hypot(2, 1.5))
    assert row["difference_upper_95"] == pytest.approx(5 + math.hypot(2, 1))
    assert row["is_beyond_chance"] is True
    assert (row["agreement"], row["says_better"], row["says_worse"]) == ("differ", "right", "left")
    assert (row["left_owner"], row["right_owner"]) == ("analysts", "council")


def test_a_difference_whose_limits_hold_nought_may_be_chance():
    near = RIGHT | {"value": 19.0, "lower_95": 17.0, "upper_95": 21.0}
    (row,) = aligned(models.value(), models.value(**near), judgements=("worse", "worse"))
    assert row["is_beyond_chance"] is False
    assert (row["agreement"], row["says_worse"]) == ("agree", "both")


def test_without_limits_a_difference_stands_and_nothing_is_said_of_chance():
    bare = RIGHT | {"lower_95": None}
    (row,) = aligned(models.value(), models.value(**bare), judgements=("worse", "not_compared"))
    assert (row["difference"], row["is_beyond_chance"]) == (5.0, None)
    assert (row["difference_lower_95"], row["difference_upper_95"]) == (None, None)
    assert (row["agreement"], row["says_worse"]) == ("not_judged", None)


@pytest.mark.parametrize(
    ("verdict", "reasons"),
    [
        (COMPARABLE | {"verdict": "not_comparable", "reasons": ["unit"]}, ["unit"]),
        (COMPARABLE | {"right": "something else"}, ["not_assessed"]),
    ],
)
def test_what_may_not_be_compared_has_no_difference_and_says_why(verdict, reasons):
    (row,) = aligned(models.value(), models.value(**RIGHT), verdict=verdict)
    assert (row["difference"], row["agreement"], row["reasons"]) == (
        None,
        "not_comparable",
        reasons,
    )
    assert (row["left_value"], row["right_value"]) == (20.0, 15.0)


def test_values_in_other_units_are_not_subtracted():
    (row,) = aligned(models.value(), models.value(**RIGHT, unit="score"))
    assert row["difference"] is None


def test_the_nearest_period_stands_beside_and_its_distance_is_said():
    pooled = RIGHT | {
        "period_type": "financial_years_3",
        "period_start": "2016-04-01",
        "period_end": "2019-03-31",
    }
    (row,) = aligned(models.value(), models.value(**RIGHT, **YEAR_BEFORE), models.value(**pooled))
    assert row["right_period_label"] == "2019/20"
    assert row["period_distance_days"] == -365.5
    assert (row["left_age_days"], row["right_age_days"]) == (0, 365)


@pytest.mark.parametrize("status", ["held", "suppressed", "withdrawn"])
def test_what_is_set_aside_on_one_side_gives_nothing_that_rests_on_it(status):
    (row,) = aligned(
        models.value(), models.value(**OTHER, status=status), judgements=("worse", "not_compared")
    )
    assert row["agreement"] == "value_set_aside"
    assert (row["left_value"], row["right_value"], row["difference"]) == (20.0, None, None)


def test_where_a_side_has_nothing_the_newest_of_the_other_says_so():
    (row,) = aligned(models.value(), models.value(**YEAR_BEFORE))
    assert (row["agreement"], row["left_period_label"]) == ("right_missing", "2020/21")
    (row,) = aligned(models.value(**OTHER))
    assert (row["agreement"], row["right_period_label"], row["left_value"]) == (
        "left_missing",
        "2020/21",
        None,
    )


def test_frameworks_speak_of_areas_and_not_of_practices():
    of_practice = {"area_type": "practice", "area_code": "A81001"}
    assert aligned(models.value(**of_practice), models.value(**RIGHT, **of_practice)) == []


def test_a_period_belongs_to_one_link_only():
    later = LINK | {"speaks_from": "2021-01-01"}
    values = (models.value(), models.value(**YEAR_BEFORE), models.value(**RIGHT))
    assert [row["left_period_label"] for row in aligned(*values, link=later)] == ["2020/21"]

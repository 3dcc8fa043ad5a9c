"""The mart `goals` on made-up goals: which value speaks, and what stops it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import models

GOAL: dict[str, Any] = {
    "goal_id": "smoke-free",
    "framework": "bnssg",
    "edition": "2021",
    "code": "1",
    "indicator_id": "smoking",
    "area_code": "E06000023",
    "sex": "Persons",
    "age": "18+ yrs",
    "baseline_start": "2019-04-01",
    "baseline_end": "2020-03-31",
    "target_value": 5.0,
    "target_by": "2030-03-31",
    "path": "linear",
    "owner": "council",
    "source": "made up",
    "is_stand_in": True,
    "certainty": "recalled",
    "note": None,
}
BASELINE = {"period_start": "2019-04-01", "period_end": "2020-03-31", "period_label": "2019/20"}
FIGURES = ("baseline_value", "value", "lower_95", "upper_95", "expected_value")
NOWHERE: dict[str, Any] = {"verdict": "Better", "area_code": "nowhere"}


def goals(*values: dict[str, Any], said: dict[str, Any] | None = None) -> dict[str, Any]:
    """The one goal's row; with `said`, what Fingertips says of the first value is the goal."""
    names = (
        *("indicator_id", "area_code", "period_type", "period_start", "period_end", "period_label"),
        *("sex", "age", "segment", "breakdown_type", "breakdown", "origin"),
    )
    own = {name: values[0][name] for name in names}
    found = models.rows(
        "marts/published_goals.sql",
        int_goals=[GOAL if said is None else GOAL | {"indicator_id": "no other"}],
        indicator_values=list(values),
        int_indicators=[
            models.indicator(indicator_id=name, owner="analysts")
            for name in ("smoking", "no other")
        ],
        int_fingertips__goals=[own | (said or NOWHERE)],
        goal_verdicts=models.seed("goal_verdicts"),
    )
    (row,) = (
        row for row in found if row["source"] == ("made up" if said is None else "fingertips")
    )
    return row


def test_a_goal_stands_where_its_path_and_the_limits_say():
    row = goals(models.value(**BASELINE), models.value(value=18.0))
    assert (row["baseline_value"], row["value"], row["period_label"]) == (20.0, 18.0, "2020/21")
    assert row["expected_value"] == pytest.approx(20 - 15 * 365 / 3652)
    assert (row["state"], row["reason"]) == ("too_noisy", "path_within_limits")
    better = models.value(value=15.0, lower_95=14.0, upper_95=16.0)
    assert goals(models.value(**BASELINE), better)["state"] == "on_track"


@pytest.mark.parametrize("status", ["held", "suppressed", "withdrawn"])
def test_a_newest_value_that_is_set_aside_gives_no_figure(status):
    row = goals(models.value(**BASELINE), models.value(status=status))
    assert (row["state"], row["reason"]) == ("no_value", f"value_{status}")
    assert [row[name] for name in FIGURES] == [None] * len(FIGURES)


def test_a_baseline_that_is_set_aside_gives_no_path():
    row = goals(models.value(**BASELINE, status="withdrawn"), models.value())
    assert (row["state"], row["reason"]) == ("no_value", "baseline_withdrawn")
    assert [row[name] for name in FIGURES] == [None] * len(FIGURES)


@pytest.mark.parametrize("said", [{"definition_version": "2"}, {"flags": ["break_in_series"]}])
def test_what_was_redefined_since_the_baseline_is_not_comparable(said):
    row = goals(models.value(**BASELINE), models.value(**said))
    assert (row["state"], row["reason"]) == ("not_comparable", "series_break")
    assert [row[name] for name in FIGURES] == [None] * len(FIGURES)


def test_a_goal_without_a_value_is_there_and_says_so():
    row = goals(models.value(area_code="E09000030"))
    assert (row["state"], row["reason"], row["period_label"]) == ("no_value", "missing_value", None)


@pytest.mark.parametrize(
    ("verdict", "state", "reason"),
    [
        ("Better", "met", "verdict_of_publisher"),
        ("Worse", "off_track", "verdict_of_publisher"),
        ("Similar", "too_noisy", "verdict_of_publisher"),
        ("Brilliant", "not_comparable", "verdict_not_known"),
    ],
)
def test_a_goal_of_the_publishers_own_has_its_verdict_and_no_target(verdict, state, reason):
    row = goals(models.value(), said={"verdict": verdict})
    assert (row["state"], row["reason"], row["publisher_verdict"]) == (state, reason, verdict)
    assert (row["target_value"], row["owner"], row["value"]) == (None, "analysts", 20.0)


@pytest.mark.parametrize("status", ["held", "suppressed", "withdrawn"])
def test_a_verdict_on_a_value_that_is_set_aside_is_not_shown(status):
    row = goals(models.value(status=status), said={"verdict": "Worse"})
    assert (row["state"], row["reason"]) == ("no_value", f"value_{status}")
    assert (row["publisher_verdict"], row["value"]) == (None, None)

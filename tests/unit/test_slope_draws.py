"""Draws are the same each time, and have the limits that can be known without them."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest

from dagster_project.methods.slope_draws import TAILS, slope_draws


def drawn(scale: str, multiplier: float = 1.0, error: float = 0.1) -> dict[str, float]:
    values = [-1.2, -1.0, -0.9, -0.7, -0.6]
    return slope_draws(values, [error] * 5, [1000.0] * 5, scale, multiplier)


def test_draws_are_the_same_each_time():
    assert drawn("log") == drawn("log")
    # Worked out once: another figure means that published limits would change.
    assert drawn("log")["sii_lower_95"] == pytest.approx(0.1797402372033548, rel=1e-12)


@pytest.mark.parametrize("scale", ["log", "logit"])
def test_draws_with_small_errors_have_the_limits_of_the_tangent(scale):
    error = 1e-4
    found = drawn(scale, error=error)
    back = {"log": math.exp, "logit": lambda y: 1 / (1 + math.exp(-y))}[scale]
    values = [back(y) for y in [-1.2, -1.0, -0.9, -0.7, -0.6]]
    steep = {"log": lambda v: v, "logit": lambda v: v * (1 - v)}[scale]
    weights = [-2.0, -1.0, 0.0, 1.0, 2.0]
    spread = error * math.sqrt(
        sum((w / 2 * steep(v)) ** 2 for w, v in zip(weights, values, strict=True))
    )
    slope = sum(w / 2 * v for w, v in zip(weights, values, strict=True))
    for level, tail in TAILS.items():
        reach = NormalDist().inv_cdf(1 - tail) * spread
        assert found[f"sii_lower_{level}"] == pytest.approx(slope - reach, abs=0.03 * reach)
        assert found[f"sii_upper_{level}"] == pytest.approx(slope + reach, abs=0.03 * reach)


def test_a_negative_multiplier_turns_the_draws():
    ahead, turned = drawn("log"), drawn("log", -1.0)
    for level in TAILS:
        # An order statistic and its mirror image are one place apart among 100,000.
        for measure, turn in (("sii", lambda y: -y), ("rii", lambda y: 1 / y)):
            upper, lower = turned[f"{measure}_upper_{level}"], turned[f"{measure}_lower_{level}"]
            assert upper == pytest.approx(turn(ahead[f"{measure}_lower_{level}"]), rel=2e-3)
            assert lower == pytest.approx(turn(ahead[f"{measure}_upper_{level}"]), rel=2e-3)


def test_a_draw_whose_lower_end_is_below_nought_has_no_ratio():
    assert (
        slope_draws([-3, -1, 0, 1, 2], [2.0] * 5, [1.0] * 5, "log", 1.0)["rii_upper_998"]
        == math.inf
    )

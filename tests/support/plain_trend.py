"""The recent trend in plain Python, from the textbook's sums and in fractions where it can be."""

from __future__ import annotations

import math
from fractions import Fraction
from operator import mul

import pytest

CRITICAL = 9.54953570608324


def line(times: list, values: list, weights: list) -> tuple[Fraction, float]:
    """Slope of the weighted line and its standard error, by the normal equations in fractions."""
    w, t, v = ([Fraction(one) for one in each] for each in (weights, times, values))
    s, s_t, s_v = sum(w), sum(map(mul, w, t)), sum(map(mul, w, v))
    s_tt = sum(map(mul, w, map(mul, t, t)))
    s_tv = sum(map(mul, w, map(mul, t, v)))
    determinant = s * s_tt - s_t * s_t
    return (s * s_tv - s_t * s_v) / determinant, math.sqrt(s / determinant)


def is_valid(row: dict, by_counts: bool) -> bool:
    names = ["value", *(["numerator", "denominator"] if by_counts else ["lower_95", "upper_95"])]
    if any(row[name] is None or not math.isfinite(row[name]) for name in names):
        return False
    return not by_counts or (row["denominator"] > 0 and 0 <= row["numerator"] <= row["denominator"])


def refusal(rows: list[dict], latest: list[dict], by_counts: bool) -> str | None:
    if len(latest) < 5:
        values = [row["value"] for row in rows if row["value"] is not None]
        enough = sum(map(math.isfinite, values)) >= 5
        return "too_few_limits" if enough else "too_few_points"
    if any(row["is_break"] and row["period"] > latest[0]["period"] for row in rows):
        return "series_break"
    if by_counts and any(row["numerator"] == row["denominator"] for row in latest):
        return "everybody_counted"
    if not by_counts and any(row["upper_95"] <= row["lower_95"] for row in latest):
        return "limits_of_no_width"
    return None


def figures(latest: list[dict], by_counts: bool) -> tuple[list, list, float | None]:
    """Values, weights, and chi-squared where it is that of counts."""
    if not by_counts:
        errors = [(row["upper_95"] - row["lower_95"]) / 3.92 for row in latest]
        return [row["value"] for row in latest], [1 / error**2 for error in errors], None
    x = [Fraction(row["numerator"]) for row in latest]
    n = [Fraction(row["denominator"]) for row in latest]
    t = range(1, 6)
    half = 0.5 if min(x) == 0 else 0
    logits = [math.log((a + half) / (b - a + half)) for a, b in zip(x, n, strict=True)]
    all_x, all_n, x_t, n_t = sum(x), sum(n), sum(map(mul, x, t)), sum(map(mul, n, t))
    n_tt = sum(b * place**2 for b, place in zip(n, t, strict=True))
    below = all_x * (all_n - all_x) * (all_n * n_tt - n_t**2)
    return (
        logits,
        [1] * 5,
        float(all_n * (all_n * x_t - all_x * n_t) ** 2 / below) if below else 0.0,
    )


def plainly(rows: list[dict], by_counts: bool, gaps: str) -> dict:
    """The trend of a series in plain Python; `direction` is None where a hair decides it."""
    ordered = sorted(rows, key=lambda row: row["period"])
    valid = [row for row in ordered if is_valid(row, by_counts)]
    latest = valid[-5:]
    if gaps == "stop":
        latest = [row for row in ordered[-5:] if is_valid(row, by_counts)]
        if len(latest) == 5 and latest[-1]["period"] - latest[0]["period"] > 4:
            return {"status_reason": "too_few_points"}
    reason = refusal(ordered, latest, by_counts)
    if reason:
        return {"status_reason": reason}
    values, weights, chi = figures(latest, by_counts)
    times = [1, 2, 3, 4, 5]
    slope, error = line(times, values, weights)
    chi = float(slope / Fraction(error)) ** 2 if chi is None else chi
    slopes = [slope]
    for out in times:
        left = (
            [one for place, one in enumerate(each, 1) if place != out]
            for each in (times, values, weights)
        )
        slopes.append(line(*left)[0])
    agree = len({each >= 0 for each in slopes}) == 1
    direction = "increasing" if slope > 0 else "decreasing"
    scale = max(abs(value - values[0]) for value in values)
    hair = chi == pytest.approx(CRITICAL) or any(0 < abs(each) < 1e-9 * scale for each in slopes)
    return {
        "status_reason": None,
        "direction": None if hair else direction if agree and chi > CRITICAL else "no_change",
        "slope": float(slope),
        "chi_squared": chi,
        "scale": scale,
    }

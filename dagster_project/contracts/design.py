"""Help with designing a target: which threshold, how many years or areas, what chance does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from dagster_project.contracts.bets import NO_CHANGE, PLAN, Bet
from dagster_project.contracts.distributions import Spread

# A change that is seen four times in five, with one false alarm in twenty.
Z_ALARM, Z_POWER = 1.96, 0.84
MOST_TIMES = 50
STEPS = 40


def minimum_detectable_change(bet: Bet) -> float:
    """The smallest change that baseline and value would show, in the measure's unit.

    (1.96 + 0.84) times the standard error of their difference; of their value alone where the
    baseline is no measurement.
    """
    variance = bet.measure.variance(bet.level)
    if bet.baseline_spread() is not None:
        years = bet.baseline_years if bet.baseline_rule == "mean" else 1
        variance += bet.measure.pooled(years).variance(bet.level)
    return (Z_ALARM + Z_POWER) * math.sqrt(variance)


def change_asked(bet: Bet) -> float:
    """How far the truth has to move for full payment, in the measure's unit."""
    return abs(bet.planned() - bet.level)


def false_pay(bet: Bet) -> float:
    """The chance that something is paid although nothing has changed."""
    return bet.exactly(NO_CHANGE).paid


def false_miss(bet: Bet) -> float:
    """The chance that nothing is paid although the plan was reached."""
    return 1.0 - bet.exactly(PLAN).paid


def chance_of_change(bet: Bet, change: float) -> float:
    """The chance that a change that large is seen although nothing has changed."""
    return _seen(bet, *_spreads(bet), change)


def _spreads(bet: Bet) -> tuple[Spread, Spread]:
    """What value and baseline may come to where nothing changes."""
    import numpy as np

    known = Spread(np.array([bet.level]), np.array([1.0]))
    return bet.value_spread(NO_CHANGE), bet.baseline_spread() or known


def _seen(bet: Bet, values: Spread, baseline: Spread, change: float) -> float:
    thresholds = baseline.levels + bet.sign * change
    return float(baseline.chances @ values.beyond(thresholds, bet.better))


def threshold_for(bet: Bet, wished: float) -> float:
    """The change from which to pay, so that luck alone is paid for no more often than wished."""
    spreads = _spreads(bet)
    low, high = 0.0, 8.0 * math.sqrt(2.0 * bet.measure.variance(bet.level)) + 1e-9
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if _seen(bet, *spreads, middle) <= wished else (middle, high)
    return high


def times_the_volume(bet: Bet, change: float, wished: float) -> int | None:
    """How many years, or areas like it, to pool so that luck shows that change no more often.

    None where fifty aren't enough. Years pooled are taken to vary independently.
    """
    if change <= 0:
        return None
    for times in range(1, MOST_TIMES + 1):
        pooled = replace(bet, measure=bet.measure.pooled(times))
        if chance_of_change(pooled, change) <= wished:
            return times
    return None


def reliability_of(levels: Sequence[float], variances: Sequence[float]) -> float | None:
    """The part of areas' differences that is real, by the method of moments; None for too few."""
    if len(levels) < 10:
        return None
    mean = sum(levels) / len(levels)
    observed = sum((level - mean) ** 2 for level in levels) / (len(levels) - 1)
    if observed <= 0:
        return None
    return max(0.0, 1.0 - (sum(variances) / len(variances)) / observed)

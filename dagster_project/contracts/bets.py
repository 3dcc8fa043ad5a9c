"""One outcome in one area as a bet: how it is measured, what it is measured against, what it pays.

`exactly` gives its chances by summing over every level of baseline and value; `draw` gives many
draws of its share for the whole portfolio.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from dagster_project.contracts.distributions import Measure, Spread
from dagster_project.contracts.shapes import HIGHER, Shape, shares
from dagster_project.contracts.terms import Term

if TYPE_CHECKING:
    import numpy as np

NO_CHANGE, PLAN, DECLINE = "no_change", "plan", "decline"
SCENARIOS = (NO_CHANGE, PLAN, DECLINE)
# Levels of the baseline that are summed over at a time, so that a table of both fits in memory.
AT_A_TIME = 200


@dataclass(frozen=True)
class Bet:
    """`level` is the truth today. The baseline is the `last`, `mean` or `best_prior` of years that
    are measured as noisily, `known` without error, or `none`.
    """

    measure: Measure
    level: float
    better: str
    terms: tuple[Term, ...]
    baseline_rule: str
    baseline_years: int = 1
    weight: float = 1.0
    if_missing: str = "wait"
    late_share: float = 0.0
    revision_cv: float = 0.0

    @property
    def sign(self) -> float:
        return 1.0 if self.better == HIGHER else -1.0

    def planned(self) -> float:
        """The truth where the plan is reached: full payment by the term that asks for least.

        Against the baseline that is to be expected: the best of several years beats their truth.
        """
        best = self.baseline_spread() if self.baseline_rule == "best_prior" else None
        fulls = [ends(term, best.mean if best else self.level)[1] for term in self.terms]
        nearest = min(fulls, key=lambda full: self.sign * full)
        return nearest if self.sign * nearest > self.sign * self.level else self.level

    def truth(self, scenario: str) -> float:
        """Where the truth goes: nowhere, to the plan, or as far the other way."""
        moved = self.planned() - self.level
        return self.level + {NO_CHANGE: 0.0, PLAN: moved, DECLINE: -moved}[scenario]

    def value_spread(self, scenario: str) -> Spread:
        return self.measure.spread(self.truth(scenario))

    def baseline_spread(self) -> Spread | None:
        """What the baseline may have come to; None where it isn't measured."""
        if self.baseline_rule in ("none", "known"):
            return None
        if self.baseline_rule == "best_prior":
            return self.measure.spread(self.level).best_of(self.baseline_years, self.better)
        years = self.baseline_years if self.baseline_rule == "mean" else 1
        return self.measure.pooled(years).spread(self.level)

    def share(self, values: Any, baseline: Any) -> np.ndarray:
        """The share of many values against their baselines: the term that gives most counts."""
        import numpy as np

        return reduce(np.maximum, (self._share(term, values, baseline) for term in self.terms))

    def _share(self, term: Term, values: Any, baseline: Any) -> np.ndarray:
        import numpy as np

        start, full = ends(term, baseline)
        shape = Shape(term.pays_from, term.pays_in_full, self.better, term.floor, term.cap)
        given = shares(values, start, full, shape)
        if term.minimum is None:
            return given
        least = _level(term, float(term.minimum), baseline)
        return np.where(self.sign * (values - least) < 0, 0.0, given)

    def exactly(self, scenario: str) -> Chances:
        """Mean and spread of the share and the chance of any payment, by summing over all levels.

        Of measures with many levels neighbours are taken together, which alters nothing shown.
        """
        values = self.value_spread(scenario)
        chances = values.chances
        mean = square = paid = 0.0
        for levels, weights in self._baselines():
            given = self.share(values.levels[None, :], levels[:, None])
            joint = weights[:, None] * chances[None, :]
            mean += float((joint * given).sum())
            square += float((joint * given * given).sum())
            paid += float((joint * (given > 0)).sum())
        return Chances(mean, max(0.0, square - mean * mean) ** 0.5, paid)

    def _baselines(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        import numpy as np

        spread = self.baseline_spread()
        if spread is None:
            yield np.array([self.level]), np.array([1.0])
            return
        weights = spread.chances
        # What is as good as impossible costs as much as what isn't.
        likely = np.flatnonzero(weights > 1e-9)
        for start in range(0, len(likely), AT_A_TIME):
            some = likely[start : start + AT_A_TIME]
            yield spread.levels[some], weights[some]


@dataclass(frozen=True)
class Chances:
    """Of one bet: the mean and the spread of its share, and the chance that anything is paid."""

    mean: float
    sd: float
    paid: float


def _level(term: Term, end: float, baseline: Any) -> Any:
    """An end of the term as a level, for one baseline or many."""
    if term.measured_in == "level":
        return end
    if term.measured_in == "points":
        return baseline + end
    if term.measured_in == "percent":
        return baseline * (1.0 + end / 100.0)
    return baseline + end * (float(term.goal or 0) - baseline)


def ends(term: Term, baseline: Any) -> tuple[Any, Any]:
    """Where payment starts and where it is full."""
    return tuple(_level(term, float(end), baseline) for end in (term.pays_from, term.pays_in_full))

"""Limits of a slope index that have no closed form, from draws that are the same every time.

Where a line is fitted through values whose limits are symmetrical on another scale (rates on the
log, proportions on the logit), the slope is a sum of skewed figures. Each quantile is drawn from
its normal distribution on that scale and taken back; the limits are order statistics of the slopes.

Two things make the limits differ less than a simulation's usually do. Every quantile's draws are
the same normal scores, evenly spaced in probability, in an order of its own (a Latin hypercube).
And the orders come from one seed, so that series are compared by the same draws and two runs agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DRAWS = 100_000
SEED = 2004
TAILS = {"95": 0.025, "998": 0.001}


@cache
def _scores(quantiles: int) -> NDArray[np.float64]:
    """Normal scores, one row a quantile, each row in its own fixed order."""
    import numpy as np

    inverse = NormalDist().inv_cdf
    # By symmetry, so that the two tails are the same to the last digit.
    lower = [inverse((place + 0.5) / DRAWS) for place in range(DRAWS // 2)]
    even = np.array([*lower, *(-score for score in reversed(lower))])
    # numpy promises that the raw numbers stay the same in later versions; of shuffles it doesn't.
    raw = np.random.PCG64(SEED)
    orders = [np.argsort(raw.random_raw(DRAWS), kind="stable") for _ in range(quantiles)]
    return np.stack([even[order] for order in orders])


def slope_draws(
    values: Sequence[float],
    errors: Sequence[float],
    populations: Sequence[float],
    scale: str,
    multiplier: float,
) -> dict[str, float]:
    """Limits of SII and RII by level, in the names of the macro that asks for them.

    `values` and `errors` are on the scale, most deprived quantile first. A draw whose lower end
    isn't above nought has an infinite ratio, and so may a limit.
    """
    import numpy as np

    people = np.array(populations)
    shares = people / np.sum(people)
    # The middles from that of the line: what lies before less what lies after.
    places = (np.cumsum(people) - np.cumsum(people[::-1])[::-1]) / (2 * np.sum(people))
    weights = shares * places / np.sum(shares * places**2)
    # What grows beyond all numbers is infinite here, and refused where the limits are used.
    with np.errstate(all="ignore"):
        on_scale = np.array(values)[:, None] + np.array(errors)[:, None] * _scores(len(values))
        drawn = np.exp(on_scale) if scale == "log" else 1 / (1 + np.exp(-on_scale))
        # Added up quantile by quantile: a product of matrices may sum in another order elsewhere.
        means = np.sum(shares[:, None] * drawn, axis=0)
        slopes = np.sum(weights[:, None] * drawn, axis=0)
        ends = means + slopes / 2, means - slopes / 2
        top, bottom = ends if multiplier >= 0 else reversed(ends)
        ratios = np.divide(top, bottom, out=np.full(DRAWS, np.inf), where=bottom > 0)
        return _limits("sii", multiplier * slopes) | _limits("rii", ratios)


def _limits(measure: str, drawn: NDArray[np.float64]) -> dict[str, float]:
    import numpy as np

    places = {
        f"{measure}_{side}_{level}": round(len(drawn) * share) - 1
        for level, tail in TAILS.items()
        for side, share in (("lower", tail), ("upper", 1 - tail))
    }
    ordered = np.partition(drawn, list(places.values()))
    return {name: float(ordered[place]) for name, place in places.items()}

"""What a measured figure may come to by chance: exact where a closed form exists.

Shares are counts out of people (binomial), rates are counts of events (Poisson). Where years differ
by more than that, the truth of a year is spread by a coefficient of variation: beta-binomial and
negative binomial, which are those counts with that spread worked in. Figures without counts are
normal, with the error that their published limits show.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

BINOMIAL, POISSON, NORMAL = "binomial", "poisson", "normal"
# More levels than these are taken together: at that size one count more or less changes nothing.
MOST_LEVELS = 2_000
# Beyond it the beta-binomial is as good as the beta of the same mean and spread.
MOST_SUMMED = 50_000
WIDTH = 8.0


@dataclass(frozen=True)
class Spread:
    """The levels a figure may take, ascending, and the chance of each level or less."""

    levels: np.ndarray
    cdf: np.ndarray

    @property
    def chances(self) -> np.ndarray:
        """The chance of each level."""
        import numpy as np

        return np.diff(self.cdf, prepend=0.0)

    @property
    def mean(self) -> float:
        return float(self.chances @ self.levels)

    @property
    def sd(self) -> float:
        away = self.levels - self.mean
        return math.sqrt(max(0.0, float(self.chances @ (away * away))))

    def cuts(self) -> np.ndarray:
        """Where a standard normal has to lie for each level, to draw by `numpy.searchsorted`."""
        import numpy as np
        from scipy.special import ndtri

        return np.asarray(ndtri(np.clip(self.cdf[:-1], 0.0, 1.0)), dtype=np.float32)

    def beyond(self, thresholds: np.ndarray, better: str) -> np.ndarray:
        """The chance of reaching each threshold."""
        import numpy as np

        hair = 1e-9 * np.maximum(1.0, np.abs(thresholds))
        if better == "higher":
            places = np.searchsorted(self.levels, thresholds - hair, side="left")
            return np.asarray(1.0 - np.concatenate(([0.0], self.cdf))[places])
        places = np.searchsorted(self.levels, thresholds + hair, side="right")
        return np.asarray(np.concatenate(([0.0], self.cdf))[places])

    def best_of(self, years: int, better: str) -> Spread:
        """The best of as many independent years."""
        if better == "higher":
            return Spread(self.levels, self.cdf**years)
        return Spread(self.levels, 1.0 - (1.0 - self.cdf) ** years)


@dataclass(frozen=True)
class Measure:
    """How a figure is measured. A level is `unit` times a count, or has a standard error.

    `size` is how many people a share is out of; `error` the standard error of a normal figure;
    `cv` how much the truth of one year differs from the next beyond sampling.
    """

    kind: str
    unit: float = 1.0
    size: float = 0.0
    error: float = 0.0
    cv: float = 0.0

    def pooled(self, years: int) -> Measure:
        """The mean of as many years, or areas, that vary independently."""
        return Measure(
            self.kind,
            self.unit / years,
            self.size * years,
            self.error / math.sqrt(years),
            self.cv / math.sqrt(years),
        )

    def spread(self, level: float) -> Spread:
        """What is measured where the truth of the years lies around `level`."""
        if self.kind == NORMAL:
            return _normal(level, math.hypot(self.error, self.cv * level))
        if self.kind == POISSON:
            return _counts_of_events(level / self.unit, self.cv, self.unit)
        people = max(1, round(self.size))
        share = min(1.0, max(0.0, level / (self.unit * people)))
        return _counts_of_people(people, share, self.cv, self.unit)

    def variance(self, level: float) -> float:
        """The variance of what is measured, in the level's unit."""
        between = (self.cv * level) ** 2
        if self.kind == NORMAL:
            return self.error**2 + between
        if self.kind == POISSON:
            return self.unit * abs(level) + between
        whole = self.unit * max(1.0, self.size)
        return self.unit * level * max(0.0, 1.0 - level / whole) + between


def _normal(mean: float, sd: float) -> Spread:
    import numpy as np
    from scipy.special import ndtr

    if sd <= 0:
        return Spread(np.array([mean]), np.array([1.0]))
    places = np.linspace(-6.0, 6.0, MOST_LEVELS + 1)
    middles = (places[1:] + places[:-1]) / 2
    cdf = ndtr(places[1:])
    cdf[-1] = 1.0
    return Spread(mean + sd * middles, cdf)


def _ends(mean: float, sd: float, most: float) -> tuple[np.ndarray, np.ndarray]:
    """The last count of each level, and the count that stands for it."""
    import numpy as np

    first = max(0, math.floor(mean - WIDTH * sd) - 2)
    last = math.ceil(mean + WIDTH * sd) + 2
    last = int(min(last, most)) if math.isfinite(most) else last
    step = max(1, math.ceil((last - first + 1) / MOST_LEVELS))
    ends = np.arange(first + step - 1, last + step, step, dtype=float)
    ends[-1] = last
    starts = np.concatenate(([first], ends[:-1] + 1))
    return ends, (starts + ends) / 2


def _counts_of_events(expected: float, cv: float, unit: float) -> Spread:
    """Poisson, or negative binomial where years differ: gamma factors of mean 1."""
    import numpy as np
    from scipy.special import betainc, pdtr

    if expected <= 0:
        return Spread(np.array([0.0]), np.array([1.0]))
    sd = math.sqrt(expected + (cv * expected) ** 2)
    ends, middles = _ends(expected, sd, math.inf)
    if cv > 0:
        shape = 1.0 / (cv * cv)
        cdf = betainc(shape, ends + 1.0, shape / (shape + expected))
    else:
        cdf = pdtr(ends, expected)
    cdf[-1] = 1.0
    return Spread(middles * unit, cdf)


def _counts_of_people(people: int, share: float, cv: float, unit: float) -> Spread:
    """Binomial, or beta-binomial where years differ."""
    import numpy as np
    from scipy.special import bdtr

    if share <= 0 or share >= 1:
        return Spread(np.array([share * people * unit]), np.array([1.0]))
    mean, between = people * share, _between(share, cv)
    sd = math.sqrt(people * share * (1 - share) + (people * between) ** 2)
    ends, middles = _ends(mean, sd, people)
    cdf = _beta_binomial(people, share, between, ends) if between else bdtr(ends, people, share)
    cdf[-1] = 1.0
    return Spread(middles * unit, cdf)


def _between(share: float, cv: float) -> float:
    """The spread of the truth between years; less than a share between nought and one may have."""
    return min(cv * share, 0.99 * math.sqrt(share * (1 - share)))


def _beta_binomial(people: int, share: float, between: float, ends: np.ndarray) -> np.ndarray:
    import numpy as np
    from scipy.special import betainc, betaln, gammaln

    total = share * (1 - share) / (between * between) - 1
    first = int(max(0, 2 * ends[0] - ends[min(1, len(ends) - 1)]))
    if ends[-1] - first > MOST_SUMMED:
        variance = share * (1 - share) / people * (1 + (people - 1) / (total + 1))
        total = share * (1 - share) / variance - 1
        return np.asarray(
            betainc(share * total, (1 - share) * total, np.minimum(1.0, (ends + 0.5) / people))
        )
    counts = np.arange(0 if first <= 2 else first, int(ends[-1]) + 1, dtype=float)
    alpha, beta = share * total, (1 - share) * total
    chances = np.exp(
        gammaln(people + 1)
        - gammaln(counts + 1)
        - gammaln(people - counts + 1)
        + betaln(counts + alpha, people - counts + beta)
        - betaln(alpha, beta)
    )
    summed = np.cumsum(chances)
    return np.asarray(np.minimum(1.0, summed[(ends - counts[0]).astype(int)]))

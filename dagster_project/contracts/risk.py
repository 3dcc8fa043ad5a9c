"""What a contract may come to: many draws of every outcome together, area by area.

Outcomes of an area move together by a Gaussian copula: each has its exact distribution, and their
ranks are correlated. Providers of one area are paid on the same values. Seeded, and the same for
any number of threads; what the draws themselves are uncertain by is stated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dagster_project.contracts.bets import NO_CHANGE, Bet
from dagster_project.contracts.distributions import Spread

if TYPE_CHECKING:
    import numpy as np

THREADS = 2


@dataclass(frozen=True)
class Seat:
    """A provider at the table: its area, what it can earn, and what it can bear to miss."""

    provider_id: str
    area: str
    stake: float
    reserve: float


@dataclass(frozen=True)
class Portfolio:
    """All bets of a contract by area. `gates` are bets that take their weight where they fail."""

    bets: Mapping[str, Sequence[Bet]]
    gates: Mapping[str, Sequence[Bet]]
    seats: Sequence[Seat]
    correlation: float = 0.0
    least_share: float = 0.0
    most_share: float = 1.0


@dataclass(frozen=True)
class Result:
    """What a provider may earn: pounds, but for chances. `theoretical` is all that is linked."""

    provider_id: str
    theoretical: float
    mean: float
    sd: float
    p05: float
    p95: float
    chance_of_nothing: float
    chance_beyond_reserve: float
    mean_waiting: float
    mean_put_right: float
    draws: int

    @property
    def effective(self) -> float:
        """What is likely lost, of all that is linked."""
        return self.theoretical - self.mean

    @property
    def error_of_mean(self) -> float:
        """One standard error of the mean, from the number of draws alone."""
        return self.sd / math.sqrt(self.draws)

    @property
    def error_of_chance(self) -> float:
        """One standard error of the less certain of the two chances."""
        widest = max(
            chance * (1 - chance) for chance in (self.chance_of_nothing, self.chance_beyond_reserve)
        )
        return math.sqrt(widest / self.draws)


@dataclass(frozen=True)
class Drawn:
    """Draws of one area: the share earned in the end, that waits at first, that is put right."""

    earned: np.ndarray
    waiting: np.ndarray
    put_right: np.ndarray


def simulate(portfolio: Portfolio, scenario: str, draws: int, seed: int) -> tuple[Result, ...]:
    """What each provider may earn, and last all of them together (`all`)."""
    import numpy as np

    areas = sorted(portfolio.bets)
    seeds = np.random.SeedSequence(seed).spawn(len(areas))
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        drawn = dict(
            zip(
                areas,
                pool.map(
                    lambda each: _area(portfolio, each[0], scenario, draws, each[1]),
                    zip(areas, seeds, strict=True),
                ),
                strict=True,
            )
        )
    results = [_result(seat, drawn[seat.area]) for seat in portfolio.seats]
    whole = Seat(
        "all",
        "",
        sum(seat.stake for seat in portfolio.seats),
        sum(seat.reserve for seat in portfolio.seats),
    )
    return (*results, _result(whole, _together(portfolio, drawn, whole.stake)))


def _together(portfolio: Portfolio, drawn: Mapping[str, Drawn], stake: float) -> Drawn:
    """All providers' draws as shares of all that is linked."""
    import numpy as np

    def summed(part: str) -> np.ndarray:
        # Where nothing could be modelled nothing is at stake, and every part of it is nought.
        shares = [seat.stake / stake if stake else 0.0 for seat in portfolio.seats]
        drawings = [getattr(drawn[seat.area], part) for seat in portfolio.seats]
        return np.asarray(sum(s * each for s, each in zip(shares, drawings, strict=True)))

    return Drawn(summed("earned"), summed("waiting"), summed("put_right"))


def _result(seat: Seat, drawn: Drawn) -> Result:
    import numpy as np

    earned = drawn.earned
    # A penny short of the reserve is within it: sums of doubles don't tell them apart.
    beyond = (1.0 - earned) * seat.stake > seat.reserve + 0.01
    low, high = np.percentile(earned, [5, 95])
    return Result(
        provider_id=seat.provider_id,
        theoretical=seat.stake,
        mean=float(earned.mean()) * seat.stake,
        sd=float(earned.std()) * seat.stake,
        p05=float(low) * seat.stake,
        p95=float(high) * seat.stake,
        chance_of_nothing=float((earned <= 0).mean()),
        chance_beyond_reserve=float(beyond.mean()),
        mean_waiting=float(drawn.waiting.mean()) * seat.stake,
        mean_put_right=float(drawn.put_right.mean()) * seat.stake,
        draws=len(earned),
    )


def _area(
    portfolio: Portfolio, area: str, scenario: str, draws: int, seed: np.random.SeedSequence
) -> Drawn:
    import numpy as np

    rng = np.random.default_rng(seed)
    shared = _Shared(rng, draws, portfolio.correlation)
    earned, counted = np.zeros(draws), np.zeros(draws)
    waiting, put_right = np.zeros(draws), np.zeros(draws)
    for bet in portfolio.bets[area]:
        share, revised = _shares(bet, scenario, shared)
        late = rng.random(draws, dtype=np.float32) < bet.late_share if bet.late_share else None
        weight = np.full(draws, bet.weight)
        if late is not None and bet.if_missing == "exclude":
            weight[late] = 0.0
        elif late is not None and bet.if_missing == "last_good":
            share[late] = _of_the_year_before(bet, int(late.sum()), shared)
        elif late is not None:
            waiting[late] += bet.weight
        earned += weight * share
        counted += weight
        if revised is not None:
            put_right += weight * np.abs(revised - share)
    # Stakes are of what is modelled and counted alone: the weights of a draw come to one again.
    for part in (earned, waiting, put_right):
        np.divide(part, counted, out=part, where=counted > 0)
    for gate in portfolio.gates.get(area, ()):
        met, _ = _shares(gate, NO_CHANGE, shared)
        earned *= 1.0 - gate.weight * (1.0 - met)
    return Drawn(np.clip(earned, portfolio.least_share, portfolio.most_share), waiting, put_right)


class _Shared:
    """Normals of one area, of which a part is common to all its outcomes."""

    def __init__(self, rng: np.random.Generator, draws: int, correlation: float) -> None:
        self.rng, self.draws = rng, draws
        self._own = math.sqrt(1.0 - correlation)
        common = math.sqrt(correlation)
        self._common = [common * self._normals() if correlation else None for _ in range(2)]

    def _normals(self) -> np.ndarray:
        import numpy as np

        return self.rng.standard_normal(self.draws, dtype=np.float32)

    def normals(self, sign: float, which: int) -> np.ndarray:
        """Normals for the value (0) or the baseline (1), good alike for all outcomes."""
        import numpy as np

        own = self._normals()
        common = self._common[which]
        if common is not None:
            own *= np.float32(self._own)
            own += common
        return own if sign > 0 else -own


def _shares(bet: Bet, scenario: str, shared: _Shared) -> tuple[np.ndarray, np.ndarray | None]:
    """The shares of all draws, and what they come to once the value has been revised."""
    import numpy as np

    spread = bet.value_spread(scenario)
    values = spread.levels[np.searchsorted(spread.cuts(), shared.normals(bet.sign, 0))]
    baseline = _baselines(bet, shared)
    share = bet.share(values, baseline)
    if not bet.revision_cv:
        return share, None
    moved = shared.rng.standard_normal(shared.draws, dtype=np.float32)
    return share, bet.share(values * (1.0 + bet.revision_cv * moved), baseline)


def _baselines(bet: Bet, shared: _Shared) -> np.ndarray | float:
    import numpy as np

    spread = bet.baseline_spread()
    if spread is None:
        return bet.level
    return np.asarray(spread.levels[np.searchsorted(spread.cuts(), shared.normals(bet.sign, 1))])


def _of_the_year_before(bet: Bet, number: int, shared: _Shared) -> np.ndarray:
    """Shares on the value before, of a year in which nothing had changed."""
    import numpy as np

    def drawn(spread: Spread) -> np.ndarray:
        normals = shared.rng.standard_normal(number, dtype=np.float32)
        return np.asarray(spread.levels[np.searchsorted(spread.cuts(), normals)])

    baseline = bet.baseline_spread()
    return bet.share(
        drawn(bet.value_spread(NO_CHANGE)), bet.level if baseline is None else drawn(baseline)
    )

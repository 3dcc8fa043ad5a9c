"""Regression to the mean: what areas that were chosen for being worst come to by themselves."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dagster_project.contracts.bets import Bet
from dagster_project.contracts.distributions import BINOMIAL
from dagster_project.contracts.peers import Peers

# Contracts are often written for the places that stand worst.
WORST = 0.2
# Steps of the truth, and of the first measurement where it is taken for normal.
STEPS = 240
# Shares out of more people than these are near enough to normal.
MOST_PEOPLE = 1_000


@dataclass(frozen=True)
class Regression:
    """`reliability` is the part of the differences that is real; `improves` the change that comes
    with no action; `chance_chosen` and `chance_of_any` those of a change as large as asked.
    """

    reliability: float
    improves: float
    chance_chosen: float
    chance_of_any: float


def regression_of(bet: Bet, peers: Peers, asked: float) -> Regression | None:
    """What a measure's worst fifth of areas comes to; None where too little is known."""
    if peers.reliability is None or peers.spread <= 0 or asked <= 0:
        return None
    whole = bet.measure.unit * bet.measure.size
    people = round(bet.measure.size)
    if bet.measure.kind == BINOMIAL and people <= MOST_PEOPLE and 0 < peers.mean < whole:
        share = peers.mean / whole
        between = math.sqrt(peers.reliability) * peers.spread / whole
        # Where less is better the worst are highest: the same, seen from the other side.
        seen = share if bet.sign > 0 else 1 - share
        return of_shares(seen, people, between, WORST, asked / whole)
    return of_normals(peers.reliability, peers.spread, WORST, asked)


def of_normals(reliability: float, spread: float, chosen: float, asked: float) -> Regression:
    """Of figures that are seen to differ by `spread`, the worst `chosen` part.

    The second figure, given the first, lies around `reliability` times the first's distance from
    the mean.
    """
    import numpy as np
    from scipy.special import ndtr, ndtri

    parts = (np.arange(STEPS) + 0.5) / STEPS
    left = math.sqrt(max(1e-12, 1 - reliability**2))

    def gains(first: np.ndarray) -> np.ndarray:
        return np.asarray(ndtr(-(asked / spread + (1 - reliability) * first) / left))

    worst = ndtri(chosen * parts)
    return Regression(
        reliability=reliability,
        improves=float(-(1 - reliability) * spread * worst.mean()),
        chance_chosen=float(gains(worst).mean()),
        chance_of_any=float(gains(ndtri(parts)).mean()),
    )


def of_shares(share: float, people: int, between: float, chosen: float, asked: float) -> Regression:
    """Of shares out of `people` in areas that truly differ by `between`, the worst `chosen` part.

    Summed over the truth (normal, cut at nought and one) and every count of a first and a second
    measurement; the worst are those whose first measurement is lowest.
    """
    import numpy as np
    from scipy.special import bdtrc, gammaln, ndtr

    places = np.linspace(-6.0, 6.0, STEPS + 1)
    truths = np.clip(share + between * (places[1:] + places[:-1]) / 2, 1e-9, 1 - 1e-9)[:, None]
    of_truth = np.diff(ndtr(places))[:, None]
    counts = np.arange(people + 1)
    ways = gammaln(people + 1) - gammaln(counts + 1) - gammaln(people - counts + 1)
    chances = np.exp(ways + counts * np.log(truths) + (people - counts) * np.log1p(-truths))
    joint = of_truth * chances
    first = joint.sum(axis=0)
    # All that have the count at the edge are chosen: a list isn't cut between equals.
    weight = joint * (np.cumsum(first) - first < chosen)
    wanted = counts + math.ceil(asked * people - 1e-9) - 1
    reached = np.where(wanted < people, bdtrc(np.minimum(wanted, people - 1), people, truths), 0.0)
    sampling = float((of_truth * truths * (1 - truths)).sum()) / people
    return Regression(
        reliability=between**2 / (between**2 + sampling),
        improves=float((weight * (truths - counts / people)).sum() / weight.sum()),
        chance_chosen=float((weight * reached).sum() / weight.sum()),
        chance_of_any=float((joint * reached).sum()),
    )

"""How long the risk of a large portfolio takes: outcomes × providers, each in an area of its own.

Prints seconds by the clock and of the processor for each scenario, beside the aim: 28 outcomes, 10
providers and 100,000 draws in 10 seconds on two cores. Half the outcomes are shares against three
years, half are counts against one; all have late data, revisions and years that differ.
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import replace
from fractions import Fraction

from dagster_project.contracts.bets import SCENARIOS, Bet
from dagster_project.contracts.distributions import Measure
from dagster_project.contracts.risk import Portfolio, Seat, simulate
from dagster_project.contracts.terms import Term

AIM = 10.0


def portfolio(outcomes: int, providers: int) -> Portfolio:
    """Outcomes that are shares and counts by turns, the same for each provider's area."""
    share = Bet(Measure("binomial", 0.1, 1000, cv=0.02), 60, "higher", (_term(0, 10),), "mean", 3)
    rate = Bet(Measure("poisson", 0.5, cv=0.03), 300, "lower", (_term(0, -5, "percent"),), "last")
    bets = [
        replace(bet, weight=1 / outcomes, late_share=0.05, revision_cv=0.005)
        for _, bet in zip(range(outcomes), [share, rate] * outcomes, strict=False)
    ]
    areas = {str(area): bets for area in range(providers)}
    seats = [Seat(area, area, 1e6, 5e5) for area in areas]
    return Portfolio(areas, {}, seats, correlation=0.2)


def _term(pays_from: int, pays_in_full: int, measured_in: str = "points") -> Term:
    ends = Fraction(pays_from), Fraction(pays_in_full)
    return Term("improvement", measured_in, *ends, None, Fraction(0), Fraction(1), None)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outcomes", type=int, default=28)
    parser.add_argument("--providers", type=int, default=10)
    parser.add_argument("--draws", type=int, default=100_000)
    options = parser.parse_args()
    book = portfolio(options.outcomes, options.providers)
    print("| scenario | clock s | CPU s | mean | error of the mean |\n|---|---|---|---|---|")
    slowest = 0.0
    for scenario in SCENARIOS:
        clock, cpu = time.perf_counter(), time.process_time()
        whole = simulate(book, scenario, options.draws, seed=12)[-1]
        clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
        slowest = max(slowest, clock)
        print(
            f"| {scenario} | {clock:.2f} | {cpu:.2f} | £{whole.mean:,.0f}"
            f" | £{whole.error_of_mean:,.0f} |",
            flush=True,
        )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\nSlowest {slowest:.2f} s by the clock (aim: {AIM:g} s); at most {memory:,.0f} MB held."
    )
    return 0 if slowest <= AIM else 1


if __name__ == "__main__":
    raise SystemExit(main())

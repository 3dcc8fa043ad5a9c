"""How often luck is paid: the published-style table of cases, within one percentage point.

The cases are worked examples from a simulation of 2026; its baseline share, where it isn't said, is
70%. Ours are sums over every count, so that only the rounding of the printed figures is between us.
"""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from dagster_project.contracts.bets import NO_CHANGE, Bet
from dagster_project.contracts.design import minimum_detectable_change
from dagster_project.contracts.distributions import Measure
from dagster_project.contracts.regression import of_normals, of_shares
from dagster_project.contracts.risk import Portfolio, Seat, simulate
from dagster_project.contracts.terms import Term

POINT = 0.01
with Path(__file__).with_name("payment_luck.csv").open(encoding="utf-8") as file:
    CASES = list(csv.DictReader(file))


def like(people: int) -> Measure:
    """A share out of people, in per cent."""
    return Measure("binomial", 100.0 / people, people)


def term(measured_in: str, pays_from: str, pays_in_full: str) -> Term:
    start, full = Fraction(pays_from), Fraction(pays_in_full)
    return Term("term", measured_in, start, full, None, Fraction(0), Fraction(1), None)


@pytest.mark.parametrize("case", CASES, ids=[row["case"] for row in CASES])
def test_how_often_a_target_is_met_or_missed_by_luck(case):
    size, cv = int(case["size"]), float(case["cv"])
    unit = 100.0 / size if size else 1.0
    bet = Bet(
        measure=Measure(case["kind"], unit, size, cv=cv),
        level=float(case["level"]),
        better=case["better"],
        terms=(term(case["measured_in"], case["target"], case["target"]),),
        baseline_rule=case["baseline"],
        baseline_years=int(case["years"]),
    )
    paid = bet.exactly(NO_CHANGE).paid
    said = float(case["expected"]) / 100
    assert (paid if case["figure"] == "paid" else 1 - paid) == pytest.approx(said, abs=POINT)


@pytest.mark.parametrize(
    ("shape", "truth", "mean", "sd", "some"),
    [
        (("5", "5"), 70, 70_000, 81_000, 0.51),
        (("0", "10"), 70, 129_000, 59_000, 0.998),
        (("5", "5"), 75, 538_000, 158_000, None),
        (("0", "10"), 75, 502_000, 88_000, None),
    ],
    ids=["cliff, no change", "line, no change", "cliff, five points", "line, five points"],
)
def test_ten_indicators_of_two_hundred_people_each(shape, truth, mean, sd, some):
    """A pool of £1m; 1 percentage point of it is £10,000, and of the chance a hundredth."""
    ends = [str(70 + int(end)) for end in shape]
    bet = Bet(like(200), truth, "higher", (term("level", *ends),), "none", weight=0.1)
    book = Portfolio({"area": [bet] * 10}, {}, [Seat("provider", "area", 1e6, 0.0)])
    result = simulate(book, NO_CHANGE, 40_000, seed=2026)[0]
    assert result.mean == pytest.approx(mean, abs=10_000)
    assert result.sd == pytest.approx(sd, abs=10_000)
    if some is not None:
        assert 1 - result.chance_of_nothing == pytest.approx(some, abs=POINT)


def test_the_worst_fifth_of_areas_improves_by_itself():
    found = of_shares(0.70, 200, between=0.03, chosen=0.2, asked=0.05)
    assert found.reliability == pytest.approx(0.46, abs=0.005)
    assert found.improves == pytest.approx(0.032, abs=0.0005)
    assert found.chance_chosen == pytest.approx(0.36, abs=POINT)
    assert found.chance_of_any == pytest.approx(0.15, abs=POINT)


def test_the_same_by_the_normal_approximation():
    spread = (0.03**2 + 0.7 * 0.3 / 200) ** 0.5
    found = of_normals(0.03**2 / spread**2, spread, chosen=0.2, asked=0.05)
    assert found.improves == pytest.approx(0.033, abs=0.0005)
    assert found.chance_chosen == pytest.approx(0.33, abs=POINT)
    assert found.chance_of_any == pytest.approx(0.14, abs=POINT)


@pytest.mark.parametrize(("people", "points"), [(500, 8.7), (2000, 4.3)])
def test_the_smallest_change_of_a_share_that_would_be_seen(people, points):
    bet = Bet(like(people), 60.0, "higher", (), "last")
    assert minimum_detectable_change(bet) == pytest.approx(points, abs=0.05)


@pytest.mark.parametrize(("events", "per_cent"), [(100, 40), (400, 20), (1600, 9.9)])
def test_the_smallest_change_of_a_count_that_would_be_seen(events, per_cent):
    bet = Bet(Measure("poisson"), events, "lower", (), "last")
    found = 100 * minimum_detectable_change(bet) / events
    assert found == pytest.approx(per_cent, abs=0.5 if per_cent > 9.9 else 0.05)

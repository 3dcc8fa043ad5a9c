"""The risk model beside exact distributions, and beside itself with other seeds and draws."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from contract_support import like, term
from scipy import stats

from dagster_project.contracts.bets import DECLINE, NO_CHANGE, PLAN, Bet
from dagster_project.contracts.design import chance_of_change, threshold_for, times_the_volume
from dagster_project.contracts.distributions import MOST_LEVELS, Measure
from dagster_project.contracts.risk import Portfolio, Seat, simulate

LINE = term("points", 0, 10)


def counts(measure: Measure, level: float) -> tuple[np.ndarray, np.ndarray]:
    spread = measure.spread(level)
    return spread.levels / measure.unit, spread.cdf


@pytest.mark.parametrize("people", [1, 30, 200, 1500])
@pytest.mark.parametrize("share", [0.003, 0.3, 0.7, 0.999])
def test_shares_are_binomial(people, share):
    levels, cdf = counts(like(share, people), 100 * share)
    assert cdf == pytest.approx(stats.binom.cdf(np.round(levels), people, share), abs=1e-9)


@pytest.mark.parametrize("expected", [0.2, 4, 100, 1600])
def test_counts_are_poisson(expected):
    levels, cdf = counts(Measure("poisson", 2.5), 2.5 * expected)
    assert cdf[:-1] == pytest.approx(stats.poisson.cdf(np.round(levels), expected)[:-1], abs=1e-9)


def test_counts_of_years_that_differ_are_negative_binomial():
    expected, cv = 400.0, 0.05
    levels, cdf = counts(Measure("poisson", cv=cv), expected)
    shape = 1 / cv**2
    exactly = stats.nbinom.cdf(np.round(levels), shape, shape / (shape + expected))
    assert cdf[:-1] == pytest.approx(exactly[:-1], abs=1e-9)


def test_shares_of_years_that_differ_are_beta_binomial():
    people, share, cv = 300, 0.6, 0.04
    total = share * (1 - share) / (cv * share) ** 2 - 1
    levels, cdf = counts(replace(like(share, people), cv=cv), 100 * share)
    exactly = stats.betabinom.cdf(np.round(levels), people, share * total, (1 - share) * total)
    assert cdf[:-1] == pytest.approx(exactly[:-1], abs=1e-9)


@pytest.mark.parametrize(
    ("measure", "level"),
    [
        (Measure("poisson"), 1e7),
        (Measure("poisson", cv=0.03), 1e6),
        (replace(like(0.4, 5_000_000), cv=0.02), 40.0),
        (like(0.4, 5_000_000), 40.0),
        (Measure("normal", error=0.3, cv=0.01), 19.0),
        (replace(like(0.4, 60_000), cv=0.02), 40.0),
    ],
)
def test_large_counts_keep_mean_and_spread_in_few_levels(measure, level):
    spread = measure.spread(level)
    assert len(spread.levels) <= MOST_LEVELS + 1
    assert spread.mean == pytest.approx(level, rel=1e-4)
    assert spread.sd == pytest.approx(math.sqrt(measure.variance(level)), rel=0.01)
    assert np.all(np.diff(spread.cdf) >= -1e-12)


def test_years_pooled_keep_the_level_and_narrow_the_spread():
    one = replace(like(0.6, 200), cv=0.05)
    four = one.pooled(4)
    assert four.spread(60).mean == pytest.approx(60, rel=1e-6)
    assert four.variance(60) == pytest.approx(one.variance(60) / 4)


def test_the_best_of_three_years_is_better_than_their_truth():
    bet = Bet(like(0.6, 200), 60, "higher", (LINE,), "best_prior", 3)
    best = bet.baseline_spread()
    drawn = np.random.default_rng(1).binomial(200, 0.6, (200_000, 3)).max(axis=1) / 2
    assert best.mean == pytest.approx(drawn.mean(), abs=0.03)
    # So luck is paid less often than against one year, or the mean of three.
    others = [replace(bet, baseline_rule=rule) for rule in ("last", "mean")]
    assert all(bet.exactly(NO_CHANGE).paid < other.exactly(NO_CHANGE).paid for other in others)


BETS = [
    Bet(like(0.7, 200), 70, "higher", (LINE,), "mean", 3, weight=0.5),
    Bet(Measure("poisson", 2.0, cv=0.03), 300, "lower", (term("percent", -1, -8),), "last", 1, 0.3),
    Bet(Measure("normal", error=0.4), 19, "higher", (term("level", 19, 20),), "none", weight=0.2),
]
SEAT = Seat("provider", "area", 1e6, 600_000.0)
DRAWS = 20_000


def book(**other: object) -> Portfolio:
    return replace(Portfolio({"area": BETS}, {}, [SEAT]), **other)


@pytest.mark.parametrize("scenario", [NO_CHANGE, PLAN, DECLINE])
def test_draws_agree_with_sums_over_every_level(scenario):
    exactly = [bet.exactly(scenario) for bet in BETS]
    mean = sum(bet.weight * each.mean for bet, each in zip(BETS, exactly, strict=True)) * 1e6
    spread = sum((bet.weight * each.sd) ** 2 for bet, each in zip(BETS, exactly, strict=True))
    result = simulate(book(), scenario, DRAWS, seed=3)[0]
    # Four standard errors, as the result states them.
    assert abs(result.mean - mean) < 4 * result.error_of_mean
    assert result.sd == pytest.approx(math.sqrt(spread) * 1e6, rel=0.03)


def test_correlation_widens_the_whole_and_leaves_the_mean():
    alone = simulate(book(), NO_CHANGE, DRAWS, seed=4)[0]
    together = simulate(book(correlation=0.6), NO_CHANGE, DRAWS, seed=4)[0]
    assert together.sd > 1.1 * alone.sd
    assert abs(together.mean - alone.mean) < 6 * together.error_of_mean
    assert together.chance_of_nothing > alone.chance_of_nothing


def test_the_same_seed_gives_the_same_result_and_another_another():
    first, again, other = (simulate(book(), PLAN, 2_000, seed)[0] for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_providers_of_one_area_are_paid_on_the_same_values():
    seats = [SEAT, Seat("other", "area", 5e5, 0.0)]
    one, two, whole = simulate(book(seats=seats), PLAN, 2_000, seed=7)
    assert two.mean == pytest.approx(one.mean / 2)
    assert whole.sd == pytest.approx(one.sd * 1.5)
    elsewhere = replace(
        book(), bets={"area": BETS, "b": BETS}, seats=[SEAT, replace(SEAT, area="b")]
    )
    assert simulate(elsewhere, PLAN, 2_000, seed=7)[-1].sd < 1.6 * one.sd


def test_where_nothing_can_be_modelled_nothing_is_at_stake():
    nothing = book(bets={"area": []}, seats=[replace(SEAT, stake=0.0)])
    results = simulate(nothing, PLAN, 500, seed=1)
    assert len(results) == len(simulate(book(), PLAN, 500, seed=1)) > 0
    for result in results:
        assert (result.theoretical, result.mean, result.effective) == (0, 0, 0)
        assert result.chance_beyond_reserve == 0


def test_the_scenarios_are_in_order_and_effective_risk_is_less_than_theoretical():
    worse, same, better = (
        simulate(book(), scenario, DRAWS, seed=8)[0] for scenario in (DECLINE, NO_CHANGE, PLAN)
    )
    assert worse.mean < same.mean < better.mean
    assert 0 < better.effective < same.effective < worse.effective < same.theoretical
    assert worse.chance_beyond_reserve > better.chance_beyond_reserve


@pytest.mark.parametrize("rule", ["wait", "last_good", "exclude"])
def test_late_data_follow_the_contract_s_rule(rule):
    late = [
        replace(BETS[0], late_share=0.4, if_missing=rule, weight=0.5),
        replace(BETS[2], weight=0.5),
    ]
    result = simulate(book(bets={"area": late}), PLAN, DRAWS, seed=9)[0]
    whole = [bet.exactly(PLAN).mean for bet in late]
    stale = BETS[0].exactly(NO_CHANGE).mean
    expected = {
        "wait": (whole[0] + whole[1]) / 2,
        "last_good": (0.6 * whole[0] + 0.4 * stale + whole[1]) / 2,
        "exclude": 0.6 * (whole[0] + whole[1]) / 2 + 0.4 * whole[1],
    }[rule]
    assert abs(result.mean - 1e6 * expected) < 4 * result.error_of_mean
    assert result.mean_waiting == pytest.approx(2e5 if rule == "wait" else 0, abs=6_000)


def test_revisions_are_put_right_and_only_where_there_are_any():
    revised = [replace(bet, revision_cv=0.02) for bet in BETS]
    assert simulate(book(), PLAN, 2_000, seed=10)[0].mean_put_right == 0
    assert simulate(book(bets={"area": revised}), PLAN, 2_000, seed=10)[0].mean_put_right > 10_000


def test_what_waits_and_is_put_right_is_of_what_is_modelled():
    # A stake of a million is all on these two, though they are half of the contract's weights.
    first = replace(BETS[0], late_share=0.4, if_missing="wait", revision_cv=0.02)
    whole, half = (
        [replace(bet, weight=weight) for bet in (first, BETS[2])] for weight in (0.5, 0.25)
    )
    one, other = (
        simulate(book(bets={"area": bets}), PLAN, DRAWS, seed=9)[0] for bets in (whole, half)
    )
    assert one.mean_waiting == pytest.approx(2e5, abs=6_000)
    assert (other.mean, other.mean_waiting) == pytest.approx((one.mean, one.mean_waiting))
    assert other.mean_put_right == pytest.approx(one.mean_put_right)


def test_what_is_left_out_makes_more_wait_of_the_others():
    late = replace(BETS[2], weight=0.5, late_share=1.0)
    both = [replace(late, if_missing=rule) for rule in ("exclude", "wait")]
    assert simulate(book(bets={"area": both}), PLAN, 500, seed=9)[0].mean_waiting == 1e6


def test_a_gate_takes_its_share_as_often_as_it_fails():
    gate = Bet(like(0.5, 100), 50, "higher", (term("level", 50, 50),), "none", weight=0.4)
    met = gate.exactly(NO_CHANGE).paid
    free = simulate(book(), PLAN, DRAWS, seed=11)[0]
    gated = simulate(book(gates={"area": [gate]}), PLAN, DRAWS, seed=11)[0]
    assert gated.mean == pytest.approx(free.mean * (1 - 0.4 * (1 - met)), rel=0.02)


def test_a_threshold_is_found_for_a_wished_false_pay():
    bet = Bet(like(0.7, 200), 70, "higher", (LINE,), "last")
    for wished in (0.3, 0.1, 0.02):
        found = threshold_for(bet, wished)
        assert chance_of_change(bet, found) <= wished
        # One count less, and luck is paid more often than that.
        assert chance_of_change(bet, found - 0.5) > wished


def test_the_years_to_pool_are_found_and_none_where_no_number_helps():
    bet = Bet(Measure("poisson"), 100, "lower", (term("percent", 0, -5),), "last")
    times = times_the_volume(bet, 5.0, 0.1)
    assert times is not None
    assert times > 5
    pooled = [replace(bet, measure=bet.measure.pooled(n)) for n in (times - 1, times)]
    assert [chance_of_change(each, 5.0) <= 0.1 for each in pooled] == [False, True]
    assert times_the_volume(bet, 0.1, 0.1) is None
    assert times_the_volume(bet, 0.0, 0.1) is None


def test_a_target_that_is_reached_already_is_no_plan():
    bet = Bet(like(0.7, 200), 70, "higher", (term("level", 50, 60),), "none")
    assert bet.planned() == 70
    assert bet.truth(DECLINE) == 70

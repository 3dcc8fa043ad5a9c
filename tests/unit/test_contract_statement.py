"""What is paid, and what happens where a value may not be paid on: never a silent number."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from contract_support import RELEASE, SAFE, contract, gate, outcome, term, value, values

from dagster_project.contracts.statement import Payment, statement
from dagster_project.contracts.terms import Contract
from dagster_project.contracts.values import Value


def paid(agreed: Contract, *found: Value) -> Payment:
    (payment,) = statement(agreed, values(*found), RELEASE).payments
    # Whatever the rules, nothing comes from nowhere and nothing is lost sight of.
    assert payment.earned + payment.waiting + payment.not_earned == payment.stake
    return payment


@pytest.mark.parametrize(
    ("figure", "earned"), [(9.9, 0), (10, 0), (12.5, 25_000), (20, 100_000), (25, 100_000)]
)
def test_a_level_pays_along_a_line(figure, earned):
    payment = paid(contract([outcome()]), value(2023, figure))
    assert (payment.earned, payment.status) == (earned, "final")


def test_less_may_be_better():
    agreed = contract([outcome("one", term("level", 20, 10), better="lower")])
    assert paid(agreed, value(2023, 12.5)).earned == 75_000
    assert paid(agreed, value(2023, 21)).earned == 0


def test_a_cliff_pays_all_or_nothing():
    agreed = contract([outcome("one", term("level", 15, 15))])
    assert paid(agreed, value(2023, 14.999)).earned == 0
    assert paid(agreed, value(2023, 15)).earned == 100_000


BASE = {"baseline_from": "2020-04-01", "baseline_to": "2023-03-31"}
YEARS = (value(2020, 50), value(2021, 60), value(2022, 40))


@pytest.mark.parametrize(
    ("rule", "baseline"), [("last", 40), ("mean", 50), ("best_prior", 60)], ids=str
)
def test_a_change_is_counted_from_the_baseline(rule, baseline):
    agreed = contract([outcome("one", term("points", 0, 10), baseline_rule=rule, **BASE)])
    payment = paid(agreed, *YEARS, value(2023, 55))
    share = min(1, max(0, Fraction(55 - baseline, 10)))
    assert payment.earned == share * 100_000
    assert payment.lines[0].chosen.level == baseline


def test_the_best_year_before_is_the_lowest_where_less_is_better():
    terms = term("percent", 0, -10)
    agreed = contract([outcome("one", terms, better="lower", baseline_rule="best_prior", **BASE)])
    # From 40: a tenth less is 36, and 38 is half of the way.
    assert paid(agreed, *YEARS, value(2023, 38)).earned == 50_000


def test_a_fifth_of_the_way_to_a_goal():
    terms = term("gap", 0, 0.2, goal=Fraction(100))
    agreed = contract([outcome("one", terms, baseline_rule="mean", **BASE)])
    assert paid(agreed, *YEARS, value(2023, 55)).earned == 50_000


def test_of_attainment_and_improvement_the_higher_counts():
    terms = (term("level", 40, 60), term("points", 0, 5, name="improvement"))
    agreed = contract([outcome("one", *terms, baseline_rule="last", **BASE)])
    payment = paid(agreed, *YEARS, value(2023, 44))
    assert payment.earned == 80_000
    assert payment.lines[0].term.name == "improvement"
    assert paid(agreed, *YEARS, value(2023, 60)).lines[0].term.name == "term"


def test_a_minimum_rate_pays_nothing_below_and_all_past_it():
    terms = term("level", 0, 100, minimum=Fraction(3))
    agreed = contract([outcome("one", terms)])
    assert paid(agreed, value(2023, 2.9)).earned == 0
    assert paid(agreed, value(2023, 3)).earned == 3_000


def test_what_is_lost_may_go_below_nought_where_the_floor_is():
    terms = term("level", 10, 20, floor=Fraction(-1))
    agreed = contract([outcome("one", terms)], least_share=Fraction(-1, 2))
    assert paid(agreed, value(2023, 7)).earned == -30_000
    assert paid(agreed, value(2023, 0)).earned == -50_000


def test_cap_and_collar_hold_for_the_whole():
    agreed = contract([outcome()], least_share=Fraction(1, 5), most_share=Fraction(1, 2))
    assert paid(agreed, value(2023, 10)).earned == 20_000
    assert paid(agreed, value(2023, 20)).earned == 50_000


HELD = value(2023, 15, status="held", status_reason="failed_check")
UNUSABLE = {
    "held without a figure": (value(2023, None, status="held"), "held"),
    "suppressed": (value(2023, None, status="suppressed"), "suppressed"),
    "withdrawn": (value(2023, None, status="withdrawn"), "withdrawn"),
    "held on its last good value": (HELD, "held"),
    "provisional": (value(2023, 15, flags=("provisional",)), "provisional"),
    "too few cases": (value(2023, 15, denominator=9.0), "too_few_cases"),
    "cases unknown": (value(2023, 15, denominator=None), "cases_not_known"),
}


def two(rule: str) -> Contract:
    half = Fraction(1, 2)
    first = outcome("one", if_missing=rule, if_provisional="wait", minimum_cases=10, weight=half)
    return contract([first, outcome("two", series=SAFE, weight=half)])


@pytest.mark.parametrize("case", [*UNUSABLE, "not there yet"])
def test_what_may_not_be_paid_on_waits(case):
    found, reason = UNUSABLE.get(case, (None, "no_value_yet"))
    there = [each for each in (found, value(2023, 20, SAFE)) if each]
    payment = paid(two("wait"), *there)
    assert (payment.earned, payment.waiting, payment.status) == (50_000, 50_000, "part_waits")
    line = payment.lines[0]
    assert (line.chosen.state, line.chosen.reason, line.amount) == ("waits", reason, None)


@pytest.mark.parametrize("case", [*UNUSABLE, "not there yet"])
def test_what_may_not_be_paid_on_is_left_out_and_the_others_weigh_more(case):
    found, reason = UNUSABLE.get(case, (None, "no_value_yet"))
    there = [each for each in (found, value(2023, 15, SAFE)) if each]
    payment = paid(two("exclude"), *there)
    # All of the stake is on the other outcome, which is half reached.
    assert (payment.earned, payment.waiting) == (50_000, 0)
    assert [line.weight for line in payment.lines] == [0, 1]
    assert payment.lines[0].chosen.reason == reason
    assert payment.lines[0].amount is None


@pytest.mark.parametrize("case", [*UNUSABLE, "not there yet"])
def test_the_last_good_value_counts_and_is_said_to(case):
    found, reason = UNUSABLE.get(case, (None, "no_value_yet"))
    there = [each for each in (value(2022, 12), found, value(2023, 20, SAFE)) if each]
    payment = paid(two("last_good"), *there)
    line = payment.lines[0]
    # A held value that shows its last good figure is that of the period itself.
    assert line.chosen.value.value == (15 if found is HELD else 12)
    assert (line.chosen.state, line.chosen.reason) == ("paid_on_last_good", reason)
    assert "last_good" in payment.rests_on
    assert payment.status == "provisional"


def test_without_a_last_good_value_it_waits():
    payment = paid(two("last_good"), value(2023, 20, SAFE))
    assert payment.lines[0].chosen.state == "waits"


def test_where_everything_is_left_out_everything_waits():
    payment = paid(contract([outcome(if_missing="exclude")]), value(2022, 20))
    assert (payment.earned, payment.waiting, payment.status) == (0, 100_000, "waits")


@pytest.mark.parametrize("gone", ["held", "suppressed", "withdrawn"])
def test_a_baseline_that_may_not_be_shown_is_no_baseline(gone):
    agreed = contract([outcome("one", term("points", 0, 10), baseline_rule="mean", **BASE)])
    hidden = value(2021, None, status=gone)
    payment = paid(agreed, value(2020, 50), hidden, value(2022, 40), value(2023, 55))
    assert payment.lines[0].chosen.reason == "baseline_not_published"
    assert payment.waiting == 100_000


@pytest.mark.parametrize(("year", "is_paid"), [(2020, True), (2021, False), (2023, False)])
def test_no_change_is_counted_across_a_break_in_the_series(year, is_paid):
    years = [
        replace(each, flags=("break_in_series",)) if each.period_start.year == year else each
        for each in (*YEARS, value(2023, 55))
    ]
    changed = outcome("one", term("points", 0, 10), baseline_rule="mean", **BASE)
    line = paid(contract([changed]), *years).lines[0]
    assert line.chosen.is_paid == is_paid
    assert line.chosen.reason == ("" if is_paid else "break_in_series")
    # A level is counted from nothing.
    assert paid(contract([outcome()]), *years).lines[0].chosen.is_paid


def test_values_of_another_kind_of_period_are_not_mixed_in():
    pooled = value(2020, 5)
    pooled = replace(
        pooled,
        key={**pooled.key, "period_type": "three_years", "period_end": "2023-03-31"},
        period_end=value(2022, 1).period_end,
    )
    agreed = contract([outcome("one", term("points", 0, 10), baseline_rule="mean", **BASE)])
    assert paid(agreed, *YEARS, pooled, value(2023, 55)).lines[0].chosen.level == 50


def test_an_outcome_that_weighs_nothing_may_be_all_that_is_left():
    whole, none = (
        outcome("one", if_missing="exclude"),
        outcome("two", series=SAFE, weight=Fraction(0)),
    )
    payment = paid(contract([whole, none]), value(2023, 15, SAFE))
    assert (payment.earned, payment.waiting) == (0, 100_000)


@pytest.mark.parametrize("flag", ["provisional", "revised"])
def test_a_payment_on_what_may_change_is_provisional(flag):
    payment = paid(contract([outcome()]), value(2023, 15, flags=(flag, "synthetic")))
    assert (payment.status, payment.rests_on) == ("provisional", (flag,))


@pytest.mark.parametrize(
    ("safe", "earned", "waiting", "state"),
    [(70, 50_000, 0, "met"), (69.9, 37_500, 0, "missed"), (None, 37_500, 12_500, "not known")],
)
def test_a_gate_takes_its_share_and_waits_while_it_is_not_known(safe, earned, waiting, state):
    agreed = contract([outcome()], gates=(gate(),))
    found = [value(2023, 15)] + ([value(2023, safe, SAFE)] if safe else [])
    payment = paid(agreed, *found)
    assert (payment.earned, payment.waiting) == (earned, waiting)
    assert payment.gates[0].state == state


def test_gates_take_no_more_than_all():
    gates = (gate(lost_share="0.75"), replace(gate(lost_share="0.75"), gate="again"))
    payment = paid(contract([outcome()], gates=gates), value(2023, 20), value(2023, 1, SAFE))
    assert (payment.earned, payment.lost_to_gates) == (0, 100_000)


def test_pennies_are_rounded_half_away_from_nought():
    provider = replace(contract([]).providers[0], annual_value=Fraction("0.3"))
    payment = paid(contract([outcome()], providers=(provider,)), value(2023, 15))
    # A tenth of 30p is linked; half of 3p is 1.5p.
    assert (payment.stake, payment.earned) == (Fraction("0.03"), Fraction("0.02"))


def test_a_period_that_has_not_ended_is_not_paid():
    agreed = contract([outcome()])
    release = replace(RELEASE, as_of="2024-03-30")
    assert statement(agreed, values(value(2023, 15)), release).payments == ()


def test_an_outcome_may_bear_any_name():
    agreed = contract(
        [outcome("stake", weight=Fraction(1, 2)), outcome("earned", weight=Fraction(1, 2))]
    )
    assert paid(agreed, value(2023, 20)).earned == 100_000

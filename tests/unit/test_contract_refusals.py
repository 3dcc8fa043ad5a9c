"""A bad contract is refused whole, with every reason; nothing of it is worked out."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from contract_support import RELEASE, SAFE, SERIES, contract, gate, outcome, term, value, values

from dagster_project.contracts.account import Ground
from dagster_project.contracts.refusals import ContractRefused
from dagster_project.contracts.terms import Contract
from dagster_project.contracts.values import Release, Value

BASE = {"baseline_rule": "mean", "baseline_from": "2020-04-01", "baseline_to": "2023-03-31"}
FOUND = (value(2022, 12), value(2023, 15), value(2023, 80, SAFE))
REAL = Release("1.0.0-000000000000", False, "2026-01-01")
KEY = {"indicator_id": SERIES.indicator_id, "area_code": "E08000007"}


def refused(agreed: Contract, *found: Value, release: Release = RELEASE) -> ContractRefused:
    ground = Ground(release, values(*(found or FOUND)), {}, 0.2)
    with pytest.raises(ContractRefused) as told:
        ground.statement_of(agreed)
    with pytest.raises(ContractRefused):
        ground.risk_of(agreed)
    for problem in told.value.problems:
        assert problem.got
        assert problem.expected
        assert problem.fix
    return told.value


def test_a_sound_contract_is_not_refused():
    ground = Ground(REAL, values(*FOUND), {}, 0.2)
    assert ground.statement_of(contract([outcome()])).payments[0].earned == 50_000


@pytest.mark.parametrize("what", ["outcome", "contract"])
def test_a_stand_in_outside_a_sample_home(what):
    stand_in = outcome(is_stand_in=True) if what == "outcome" else outcome()
    agreed = contract([stand_in], is_made_up=what == "contract")
    assert refused(agreed, release=REAL).reasons == ("stand_in_outside_sample",)
    ground = Ground(RELEASE, values(*FOUND), {}, 0.2)
    assert ground.statement_of(agreed).payments


def test_money_on_an_outcome_that_nothing_measures():
    agreed = contract([outcome(series=None)])
    assert refused(agreed).reasons == ("outcome_without_indicator",)


def test_a_provider_with_no_activity():
    provider = replace(contract([]).providers[0], area_code="E09000030")
    told = refused(contract([outcome()], providers=(provider,)))
    assert told.reasons == ("no_activity",)
    assert "E09000030" in str(told)


def test_a_series_that_the_release_does_not_have():
    elsewhere = replace(SERIES, age="65+ yrs")
    assert refused(contract([outcome(series=elsewhere)])).reasons == ("no_activity",)


@pytest.mark.parametrize(
    ("better", "terms"),
    [
        ("higher", term("level", 5, 12)),
        ("lower", term("level", 20, 12)),
        ("higher", term("gap", 0, 1, goal=Fraction(11))),
    ],
)
def test_a_target_on_the_wrong_side_of_the_baseline(better, terms):
    told = refused(contract([outcome("one", terms, better=better, **BASE)]))
    assert told.reasons == ("target_on_the_wrong_side",)


@pytest.mark.parametrize("where", ["value", "baseline", "gate"])
def test_a_waived_value(where):
    label = {"value": "2023/24", "baseline": "2022/23", "gate": "2023/24"}[where]
    key = {**KEY, "period_label": label}
    if where == "gate":
        key["indicator_id"] = SAFE.indicator_id
    waived = replace(RELEASE, waivers=({"key": key, "check_id": "C1"},))
    agreed = contract([outcome("one", term("points", 0, 5), **BASE)], gates=(gate(),))
    assert refused(agreed, release=waived).reasons == ("waived_value",)


def test_a_waiver_of_another_value_is_nothing_to_the_contract():
    waived = replace(RELEASE, waivers=({"key": {**KEY, "period_label": "2019/20"}},))
    ground = Ground(waived, values(*FOUND), {}, 0.2)
    assert ground.statement_of(contract([outcome()])).payments


def test_a_contract_that_has_not_begun_has_a_risk_and_no_payment():
    early = replace(RELEASE, as_of="2023-12-31")
    ground = Ground(early, values(*FOUND), {}, 0.2)
    agreed = contract([outcome()])
    assert ground.statement_of(agreed).payments == ()
    assert ground.risk_of(agreed).results["plan"][-1].theoretical == 100_000


def test_every_reason_is_told_at_once():
    bad = contract(
        [
            outcome("one", term("level", 5, 12), **BASE, weight=Fraction(1, 2)),
            outcome("two", series=None, weight=Fraction(1, 2), is_stand_in=True),
        ]
    )
    told = refused(bad, value(2022, 12.37), value(2023, 15), release=REAL)
    assert set(told.reasons) == {
        "stand_in_outside_sample",
        "target_on_the_wrong_side",
        "outcome_without_indicator",
    }
    assert "for 3 reasons" in str(told)
    # A baseline may be hidden tomorrow: no message shows it.
    assert "12.37" not in str(told)

"""The decision record and the measures, checked: each finding with the figures that it rests on."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from contract_support import AREA, RELEASE, SERIES, contract, outcome, term, value, values

from dagster_project.contracts.account import Ground
from dagster_project.contracts.asked import Asked
from dagster_project.contracts.decision import Concern, concerns
from dagster_project.contracts.peers import Peers
from dagster_project.contracts.telling import check_lines, check_record
from dagster_project.contracts.terms import Contract
from dagster_project.contracts.values import Value
from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.registry import Registry, load_registry

BASE = {"baseline_rule": "mean", "baseline_from": "2020-04-01", "baseline_to": "2023-03-31"}
YEARS = tuple(value(year, 40.0) for year in (2020, 2021, 2022, 2023))
ANSWERS = {
    "aim": "join_up",
    "objective": "less",
    "population": "all",
    "service": "all",
    "configuration": "lead",
}


def decision(part: str, item: str, mechanism: str = "", pulls: str = "", acts: str = "") -> Any:
    return {
        "contract_id": "test",
        "part": part,
        "item": item,
        "answer": f"Answer {item}",
        "mechanism_id": mechanism,
        "pulls_activity": pulls,
        "acts": acts,
        "why": "",
        "note": "",
    }


WHOLE = (
    *(decision(part, item) for part, item in ANSWERS.items()),
    decision("allocate", "fixed", "block"),
    decision("improve", "premium", "quality_premium"),
    decision("driver", "one", acts="because"),
    decision("driver", "two", acts="regardless"),
)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return replace(load_registry(PROJECT_ROOT / "seeds"), contract_decisions=WHOLE)


def told(
    registry: Registry,
    agreed: Contract,
    *found: Value,
    peers: Peers | None = None,
    as_of: str = RELEASE.as_of,
) -> tuple[Concern, ...]:
    release = replace(RELEASE, as_of=as_of)
    by_series = {(SERIES, AREA): peers} if peers else {}
    ground = Ground(release, values(*(found or YEARS)), by_series, 0.2)
    return concerns(registry, agreed, ground, ground.risk_as_written(agreed))


def kinds(found: tuple[Concern, ...]) -> list[str]:
    return [concern.kind for concern in found]


SOUND = contract(
    [
        replace(
            outcome("one", term("points", 5, 20), **BASE, between_year_cv=0.001),
            outcome_id=name,
            weight=Fraction(1, 3),
        )
        for name in ("one", "two", "three")
    ],
    share_linked=Fraction(3, 100),
)


def test_a_sound_contract_gives_no_reason(registry):
    assert told(registry, SOUND) == ()


@pytest.mark.parametrize("part", [*ANSWERS, "allocate", "improve", "driver"])
def test_every_part_of_the_record_is_asked_for(registry, part):
    left = tuple(row for row in WHOLE if row["part"] != part)
    found = told(replace(registry, contract_decisions=left), SOUND)
    assert set(kinds(found)) == {"unanswered"}
    assert len(found) == (2 if part == "driver" else 1)
    assert part in found[0].about


def test_a_record_that_says_otherwise_than_the_contract(registry):
    (found,) = told(registry, replace(SOUND, configuration="alliance"))
    assert (found.kind, found.about) == ("contradicted", "configuration")


@pytest.mark.parametrize(("share", "is_told"), [("0.49", True), ("0.5", False)])
def test_a_mechanism_that_needs_attribution(registry, share, is_told):
    rows = (*WHOLE, decision("improve", "withhold", "outcome_withhold"))
    provider = replace(SOUND.providers[0], activity_share=Fraction(share))
    agreed = replace(SOUND, providers=(provider,))
    found = told(replace(registry, contract_decisions=rows), agreed)
    assert kinds(found) == ["attribution"] * is_told
    if found:
        assert "49%" in found[0].why
        # An alliance answers as a whole.
        half = [replace(provider, provider_id=name) for name in ("a", "b")]
        both = replace(agreed, providers=tuple(half), configuration="alliance")
        assert "attribution" not in kinds(told(replace(registry, contract_decisions=rows), both))


def test_incentives_that_pull_against_each_other(registry):
    rows = (
        *WHOLE,
        decision("allocate", "cases", "activity_tariff"),
    )
    found = told(replace(registry, contract_decisions=rows), SOUND)
    assert kinds(found) == ["opposed"]
    assert "A fixed sum" in found[0].why
    fewer = [
        replace(each, better="lower", terms=(term("points", -5, -20),)) for each in SOUND.outcomes
    ]
    found = told(replace(registry, contract_decisions=rows), replace(SOUND, outcomes=tuple(fewer)))
    assert kinds(found) == ["opposed", "opposed"]


@pytest.mark.parametrize(("share", "is_told"), [("0.2", True), ("0.01", True), ("0.04", False)])
def test_the_share_at_stake_beside_the_guidance(registry, share, is_told):
    found = told(registry, replace(SOUND, share_linked=Fraction(share)))
    assert kinds(found) == ["guidance"] * is_told
    if found:
        assert "2% to 4%" in found[0].why
        assert f"{float(share):.1%}" in found[0].why


def test_more_outcomes_than_the_guidance_has(registry):
    many = [replace(SOUND.outcomes[0], outcome_id=f"o{n}", weight=Fraction(1, 8)) for n in range(8)]
    (found,) = told(registry, replace(SOUND, outcomes=tuple(many)))
    assert (found.kind, found.about) == ("guidance", "outcomes")


def with_one(**other: Any) -> Contract:
    first = replace(SOUND.outcomes[0], **other)
    return replace(SOUND, outcomes=(first, *SOUND.outcomes[1:]))


def test_an_outcome_that_nothing_measures(registry):
    found = told(registry, with_one(series=None))
    assert kinds(found) == ["no_indicator", "not_modelled"]


def test_an_indicator_without_a_baseline(registry):
    found = told(registry, with_one(baseline_from="2016-04-01", baseline_to="2019-03-31"))
    assert kinds(found) == ["no_baseline", "not_modelled"]
    assert "2016-04-01 to 2019-03-31" in found[0].why


def test_an_indicator_that_comes_too_late_to_be_paid_on(registry):
    found = told(registry, SOUND, *YEARS[:3])
    assert kinds(found) == ["too_late"] * 3
    assert "the last is of 2022/23" in found[0].why
    # Before the day of payment it isn't late yet.
    assert told(registry, SOUND, *YEARS[:3], as_of="2024-06-30") == ()


def test_a_change_across_a_break_in_the_series(registry):
    broken = (*YEARS[:3], replace(YEARS[3], flags=("break_in_series",)))
    assert kinds(told(registry, SOUND, *broken)) == ["broken_series"] * 3


def test_a_measure_that_pays_for_luck_and_what_would_mend_it(registry):
    noisy = with_one(terms=(term("points", 0, 1),), between_year_cv=0.0)
    found = told(registry, noisy)
    assert kinds(found) == ["false_pay", "too_noisy"]
    assert "400 events a year among 1,000 people" in found[0].why
    assert "measured from the baseline of 40 (2020/21 to 2022/23)" in found[0].why
    assert "pool" in found[0].why


def test_of_a_change_that_luck_seldom_shows_it_says_how_seldom(registry):
    noisy = with_one(terms=(term("points", 0, 3),), between_year_cv=0.0)
    (why,) = [each.why for each in told(registry, noisy) if each.kind == "false_pay"]
    seldom = re.search(r"only for the whole change asked, of 3: luck .* in (\d+)% of years", why)
    assert seldom and 0 < int(seldom[1]) <= 20


def test_a_target_that_is_reached_already(registry):
    level = with_one(terms=(term("level", 30, 35),), baseline_rule="none")
    found = told(registry, level)
    assert kinds(found) == ["no_baseline", "reached_already", "asks_nothing"]
    assert all("40" in each.why for each in found[1:])


def test_a_measure_that_misses_what_was_reached(registry):
    hard = with_one(terms=(term("points", 20, 20),))
    assert kinds(told(registry, hard)) == ["false_miss"]


def test_differences_between_areas_that_are_mostly_noise(registry):
    found = told(registry, SOUND, peers=Peers(150, 45.0, 2.0, 0.4))
    assert kinds(found) == ["unreliable"] * 3
    # Of the five points to the mean, three come by themselves.
    assert "+3" in found[0].why


def test_a_made_up_contract_says_so(registry):
    (found,) = told(registry, replace(SOUND, is_made_up=True))
    assert found.kind == "made_up"


def test_a_contract_that_would_be_refused_is_checked_all_the_same(registry):
    bad = with_one(series=None)
    asked = Asked(registry, bad, Ground(RELEASE, values(*YEARS), {}, 0.2))
    record = check_record(asked, asked.ground.risk_as_written(bad))
    assert [problem["problem"] for problem in record["refused"]] == [
        "money is on an outcome that nothing measures"
    ]
    said = "\n".join(check_lines(record))
    assert "As it is, the contract test is refused whole" in said
    assert "no_indicator: one." in said


@pytest.mark.parametrize(
    ("better", "level", "is_told"),
    [("higher", 40, True), ("higher", 41, False), ("lower", 40, True), ("lower", 39, False)],
)
def test_a_level_that_was_there_before_the_contract_is_told(registry, better, level, is_told):
    """Of before the contract: what came in its first year was worked for."""
    full = level + 20 if better == "higher" else level - 20
    paid = outcome("one", term("level", level, full), **BASE, better=better, between_year_cv=0.001)
    agreed = replace(SOUND, outcomes=(paid, *SOUND.outcomes[1:]))
    found = told(registry, agreed, *YEARS[:3], value(2023, 80.0 if better == "higher" else 10.0))
    (reason,) = [each.why for each in found if each.kind == "reached_already"] or [""]
    assert bool(reason) == is_told
    if is_told:
        assert "level of 40; in 2022/23 it was 40" in reason


def test_a_level_without_a_baseline_is_told_and_measured_by_today(registry):
    paid = replace(SOUND.outcomes[0], terms=(term("level", 40, 60),), baseline_rule="none")
    agreed = replace(SOUND, outcomes=(paid, *SOUND.outcomes[1:]))
    found = told(registry, agreed, value(2023, 45.0))
    of_it = {each.kind: each.why for each in found if each.about.startswith("one")}
    assert {"no_baseline", "reached_already"} <= set(of_it)
    assert "in 2023/24 it was 45" in of_it["reached_already"]

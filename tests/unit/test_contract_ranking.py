"""Findings of a contract are told by what they come to; each kind has its place."""

from __future__ import annotations

import re

from dagster_project.commands.contracts import _loaded
from dagster_project.contracts.ranking import PLACES, by_group, ranked
from dagster_project.home import PROJECT_ROOT

CONTRACTS = PROJECT_ROOT / "dagster_project" / "contracts"


def finding(kind: str, about: str = "one") -> dict[str, str]:
    return {"kind": kind, "about": about, "why": "Because."}


def test_what_refuses_is_told_before_what_is_paid_for_nothing_and_so_on():
    kinds = ("guidance", "too_noisy", "reached_already", "false_pay", "made_up", "reached_already")
    found = ranked(finding(kind, str(place)) for place, kind in enumerate(kinds))
    told = [
        (words, [(each["kind"], each["about"]) for each in some]) for words, some in by_group(found)
    ]
    assert told == [
        ("Nothing may be paid on it", [("made_up", "4")]),
        (
            "It would pay for nothing",
            [("reached_already", "2"), ("reached_already", "5"), ("false_pay", "3")],
        ),
        ("It would be disputed", [("too_noisy", "1")]),
        ("It is worth a look", [("guidance", "0")]),
    ]


def test_every_kind_that_is_found_has_a_place_and_no_other_has():
    made = re.compile(r'Concern\(\s*"(\w+)",|yield \(?\s*"(\w+)",')
    modules = ("decision.py", "noise.py", "activity.py")
    found = {
        one or other
        for name in modules
        for one, other in made.findall((CONTRACTS / name).read_text("utf-8"))
    }
    assert found == set(PLACES)


def test_after_a_workbook_is_loaded_its_check_comes_next():
    (_, then) = _loaded({"contract_id": "mine", "changed": []})
    assert "`outcomes contract check mine`" in then

"""A figure of a contract is told with its unit, and an end of payment with its direction."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from contract_support import RELEASE, contract, outcome, term, value, values

from dagster_project.contracts.account import Ground
from dagster_project.contracts.asked import Asked
from dagster_project.contracts.rows import rule_in_words
from dagster_project.contracts.shown_outcomes import by_outcome, with_units
from dagster_project.contracts.telling import _outcome_line, pay_lines, pay_record
from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.registry import load_registry


def line(**other: Any) -> dict[str, Any]:
    known = {
        "outcome_id": "falls",
        "title": "Fewer falls",
        "indicator_id": "falls",
        "contract_period": "2023/24",
        "provider_id": "p",
        "segment": "all",
        "value": 11039.0,
        "value_period": "2023/24",
        "pays_from": 13961.5,
        "pays_in_full": 12692.3,
        "amount": 5.0,
        "stake": 10.0,
        "rule": "A rule",
        "state": "paid",
        "reason": None,
        "rests_on": [],
    }
    return {**known, **other}


@pytest.mark.parametrize(
    ("unit", "row", "told"),
    [
        (
            "per 100,000",
            line(),
            ("11,039.0 per 100,000 (2023/24)", "13,961.5", "12,692.3 or less"),
        ),
        (
            "%",
            line(value=44.0, pays_from=46.0, pays_in_full=46.0, better="higher"),
            ("44% (2023/24)", "46%", "46% or more"),
        ),
        # Of ends that are one a line of an earlier release doesn't say which way is better.
        (
            "%",
            line(value=44.0, pays_from=46.0, pays_in_full=46.0),
            ("44% (2023/24)", "46%", "46%"),
        ),
        (
            "%",
            line(value=None, value_period=None, pays_from=None, pays_in_full=None),
            ("-", "-", "-"),
        ),
    ],
)
def test_a_line_has_its_unit_and_which_way_is_better(unit, row, told):
    (table,) = by_outcome(with_units([row], {"falls": unit}), {"p": "A trust"})
    assert table.rows[0][1:4] == told


@pytest.mark.parametrize(
    ("ends", "figure", "says"),
    [
        (
            (10, 20),
            15.0,
            "Less smoking (one): £50,000.00 of £100,000.00; value 15% (2023/24), pays from"
            " 10%, in full at 20% or more",
        ),
        ((15, 15), 15.1234, "value 15.1234% (2023/24), pays all at 15% or more, else nothing"),
    ],
)
def test_pay_says_titles_units_and_directions(ends, figure, says):
    registry = load_registry(PROJECT_ROOT / "seeds")
    agreed = contract([outcome(title="Less smoking", terms=(term("level", *ends),))])
    asked = Asked(registry, agreed, Ground(RELEASE, values(value(2023, figure)), {}, 0.2))
    assert says in "\n".join(pay_lines(pay_record(asked)))


def test_pay_says_in_words_on_what_an_outcome_is_paid():
    row = line(state="paid_on_last_good", reason="no_value_yet", unit="%", better="lower")
    assert _outcome_line(row).endswith("; paid on the last good value: no value yet")


@pytest.mark.parametrize(
    ("better", "paid", "says"),
    [
        ("higher", term("level", 46, 46), "Level: all at 46 or more, else nothing."),
        ("lower", term("percent", -5, -5), "Change: all at -5% of the baseline or less, else"),
        # Of a gap that is closed more is better, whichever way the measure goes.
        (
            "lower",
            term("gap", 0.5, 0.5, goal=Fraction(10)),
            "Change: all at 0.5 of the gap to 10 or more, else nothing.",
        ),
    ],
)
def test_a_rule_of_all_or_nothing_says_which_way_is_better(better, paid, says):
    assert rule_in_words(outcome("one", paid, better=better)).startswith(says)

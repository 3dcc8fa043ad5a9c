"""What a board reads first says how firm the figures are, and what waits in any period."""

from __future__ import annotations

from fractions import Fraction

from contract_support import AREA, RELEASE, contract, outcome, value, values

from dagster_project.contracts.brief import briefs, in_short
from dagster_project.contracts.rows import payment_rows, statement_rows
from dagster_project.contracts.statement import statement
from dagster_project.contracts.terms import Period


def said(*found, periods=None, **other):
    """The sentences of a contract of one outcome, whose values those are."""
    assert all(each.key["area_code"] == AREA for each in found)
    agreed = contract([outcome(**other)], **({"periods": periods} if periods else {}))
    told = statement(agreed, values(*found), RELEASE)
    return list(in_short(briefs(list(payment_rows(told)), list(statement_rows(told)))))


def test_what_is_final_is_earned_and_nothing_waits():
    assert said(value(2023, 15.0)) == [
        "In 2023/24 providers earned £50,000.00 of £100,000.00.",
        "Nothing waits for values in 2023/24.",
    ]


def test_what_rests_on_an_earlier_value_is_provisional_and_says_how_much():
    first, then = said(
        value(2022, 15.0), value(2023, None, status="missing"), if_missing="last_good"
    )
    assert first.startswith("In 2023/24 providers provisionally earned £50,000.00 of £100,000.00;")
    assert "£100,000.00 of the stake may still change, resting on: last good value." in first
    assert then == "Nothing waits for values in 2023/24."


def test_what_waits_in_an_earlier_period_is_told_beside_the_latest():
    periods = tuple(
        Period(
            f"{year}/{year % 100 + 1}",
            f"{year}-04-01",
            f"{year + 1}-03-31",
            f"{year + 1}-12-31",
            Fraction(1),
        )
        for year in (2022, 2023)
    )
    found = said(value(2022, None, status="missing"), value(2023, 15.0), periods=periods)
    assert found[-1] == (
        "In its 2 periods that have ended £100,000.00 waits for values: £100,000.00 of 2022/23."
    )

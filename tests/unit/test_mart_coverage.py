"""The mart `coverage` on made-up rows: why a cell is empty, in words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import models

MEMBER: dict[str, Any] = {
    "framework": "phof",
    "edition": "2019 on",
    "code": "C18",
    "indicator_id": "smoking",
    "title": "Smoking",
    "domain_code": "C",
    "role": "indicator",
    "life_cycle": "live",
    "owner_partner": None,
    "is_stand_in": False,
}
INDICATOR: dict[str, Any] = {
    "indicator_id": "smoking",
    "life_cycle": "live",
    "numerator": "People who smoke",
    "denominator": "People asked",
    "value_type": "proportion",
    "source_id": None,
    "owner": "analysts",
}


def covered(
    *values: dict[str, Any],
    member: dict[str, Any] | None = None,
    indicator: dict[str, Any] | None = None,
    known: str = "smoking",
    synthetic: bool = False,
    landed: str = "qof",
    is_made_up: bool = False,
) -> dict[str, Any]:
    """The one row."""
    (found,) = models.rows(
        "marts/coverage.sql",
        indicator_values=list(values or [models.value(indicator_id="another")]),
        int_framework_indicators=[MEMBER | (member or {})],
        int_indicators=[INDICATOR | (indicator or {})],
        indicator_sources=[{"indicator_id": known, "source_id": "fingertips"}],
        stg_ledger__extracts=[{"source_id": landed, "is_synthetic": is_made_up}],
        methods=models.seed("methods"),
        run_context=[{"is_synthetic": synthetic}],
        state_words=models.seed("state_words"),
    )
    return found


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({}, "computable"),
        ({"known": "another"}, "no_source_landed"),
        ({"indicator": {"denominator": None}}, "no_source_landed"),
        ({"indicator": {"value_type": "score"}}, "no_source_landed"),
        ({"indicator": {"life_cycle": "ended"}}, "ended"),
        ({"member": {"life_cycle": "retired"}}, "ended"),
        ({"member": {"role": "placeholder"}}, "placeholder"),
        ({"member": {"is_stand_in": True}}, "stand_in"),
    ],
)
def test_an_empty_cell_says_why_and_who_owes_it(said, state):
    row = covered(**said)
    assert row["coverage"] == state
    assert row["meaning"]
    assert row["owner"] == "analysts"
    waiting = state in ("computable", "no_source_landed", "stand_in")
    expected = "fingertips" if waiting and said.get("known") != "another" else None
    assert row["waits_for"] == expected


@pytest.mark.parametrize("value_type", ["proportion", "score"])
def test_a_source_that_landed_without_it_is_not_waited_for(value_type):
    row = covered(landed="fingertips", indicator={"value_type": value_type})
    assert (row["coverage"], row["waits_for"]) == ("source_lacks_it", None)
    assert row["lacked_by"] == "fingertips"
    assert row["meaning"]


def test_of_two_sources_the_one_that_has_not_landed_is_waited_for():
    row = covered(landed="fingertips", indicator={"source_id": "nhsof"})
    assert (row["coverage"], row["waits_for"], row["lacked_by"]) == (
        "computable",
        "nhsof",
        "fingertips",
    )


def test_a_file_that_was_made_up_is_none_of_its_source():
    row = covered(landed="fingertips", is_made_up=True)
    assert (row["coverage"], row["waits_for"], row["lacked_by"]) == (
        "computable",
        "fingertips",
        None,
    )


def test_what_a_framework_retired_is_ended_whatever_is_published():
    row = covered(models.value(), member={"life_cycle": "retired"})
    assert (row["coverage"], row["published_values"]) == ("ended", 1)


def test_what_is_there_is_live_from_a_real_source_or_made_up():
    row = covered(models.value())
    assert (row["coverage"], row["sources"], row["waits_for"]) == ("live", "fingertips", None)
    assert covered(models.value(), synthetic=True)["coverage"] == "made_up"


@pytest.mark.parametrize("status", ["held", "suppressed", "withdrawn"])
def test_what_landed_and_is_not_shown_is_not_live(status):
    row = covered(models.value(status=status))
    assert (row["coverage"], row["published_values"]) == ("landed_nothing_published", 0)

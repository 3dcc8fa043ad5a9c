"""Whom a cause concerns, and as far as what: by owner, source, role, framework, domain, area."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dagster_project.alerts.causes import Cause, Spoiled
from dagster_project.alerts.machine import RESOLVED, Alert, Telling
from dagster_project.alerts.routing import directory
from tests.support.alerts_place import MONDAY

STOCKPORT, BRISTOL = "E08000007", "E06000023"
SMOKING, DEMENTIA = "smoking_adults", "dementia_qof_prevalence"


def spoiled(indicator: str, *areas: str) -> Spoiled:
    return Spoiled(indicator, (indicator,), values=9, areas=9, area_codes=areas)


def stakes(cause: Cause) -> dict[str, set[str]]:
    """By recipient, the indicators of their share."""
    return {
        stake.recipient: {each.indicator_id for each in stake.cause.spoils}
        for stake in directory().stakes(cause)
    }


HELD = Cause(
    "values_held",
    "qof/1",
    "qof",
    spoils=(spoiled(SMOKING, STOCKPORT), spoiled(DEMENTIA, BRISTOL)),
)


def test_the_owner_of_the_source_and_the_engineers_hear_of_all_of_it() -> None:
    found = stakes(HELD)
    assert found["primary-care-analysts"] == found["data-engineering"] == {SMOKING, DEMENTIA}


def test_the_owner_of_an_indicator_hears_of_it_alone() -> None:
    assert stakes(HELD)["public-health-analysts"] == {SMOKING}


def test_who_follows_an_area_hears_of_what_concerns_it() -> None:
    found = stakes(HELD)
    assert found["stockport-leads"] == {SMOKING}
    assert found["bnssg-leads"] == {DEMENTIA}
    assert "tower-hamlets-leads" not in found


def test_a_subscriber_of_severity_hears_of_every_blocking_cause_and_no_other() -> None:
    assert stakes(HELD)["release-managers"] == {SMOKING, DEMENTIA}
    assert "release-managers" not in stakes(replace(HELD, kind="coverage_fell"))


def test_who_owns_a_domain_hears_of_its_indicators() -> None:
    rows = directory().registry.framework_indicators
    mine = next(
        row["indicator_id"]
        for row in rows
        if (row["framework"], row["edition"], row["domain_code"]) == ("phof", "2019 on", "D")
    )
    cause = Cause("coverage_fell", "fingertips/1", "fingertips", spoils=(spoiled(mine),))
    assert stakes(cause)["public-health-protection-leads"] == {mine}
    other = replace(cause, spoils=(spoiled(DEMENTIA),))
    assert "public-health-protection-leads" not in stakes(other)


def test_news_goes_to_those_who_asked_for_it_alone() -> None:
    news = Cause("outcome_moved", "x/1", spoils=(spoiled(SMOKING, STOCKPORT),))
    assert set(stakes(news)) == {"stockport-leads"}
    assert stakes(replace(news, spoils=(spoiled(SMOKING, "E06000001"),))) == {}


def test_a_cause_without_an_owner_reaches_the_engineers() -> None:
    assert set(stakes(Cause("checks_warn", "x/source", facts={"concerns": ["source"]}))) == {
        "data-engineering"
    }


def test_what_is_over_is_told_to_those_who_were_told() -> None:
    told = {"geography": Telling(MONDAY, MONDAY, frozenset())}
    alert = Alert(HELD.key, HELD, RESOLVED, MONDAY, told=told)
    assert [stake.recipient for stake in directory().stakes_of(alert)] == ["geography"]


@pytest.mark.parametrize("row", directory().registry.owners, ids=lambda row: row["owner_id"])
def test_every_owner_has_a_rhythm(row: dict[str, str]) -> None:
    assert directory().recipients[row["owner_id"]].rhythm in ("weekly", "fortnightly", "monthly")

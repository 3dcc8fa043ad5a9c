"""An outcome that moved, or a trend that turned, is news for those who follow it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dagster_project.home import Home
from tests.support.alerts_release import (
    BRISTOL,
    DEMENTIA,
    STOCKPORT,
    Releases,
    recipients,
    told,
)


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    return Releases(Home(tmp_path / "home"))


def point(area: str, value: float, judgement: str, year: int = 2024) -> dict[str, Any]:
    return {
        "area_code": area,
        "value": value,
        "lower_95": value - 0.1,
        "upper_95": value + 0.1,
        "judgement": judgement,
        "period_start": f"{year}-04-01",
        "period_label": f"{year}/{year % 100 + 1}",
    }


def series(*points: dict[str, Any]) -> dict[str, Any]:
    described = [{"headline_sex": "Persons", "headline_age": "All ages"}]
    return {
        "indicator_values": points,
        "comparisons": points,
        "indicators": described,
        "areas": [{"area_code": STOCKPORT}, {"area_code": BRISTOL, "area_name": "Bristol"}],
    }


def test_an_outcome_that_moved_beyond_chance_is_news_for_those_who_follow_it(
    releases: Releases,
) -> None:
    releases.make(**series(point(STOCKPORT, 1.0, "similar"), point(BRISTOL, 1.0, "similar")))
    releases.make(
        **series(point(STOCKPORT, 2.0, "worse", 2025), point(BRISTOL, 1.05, "worse", 2025))
    )
    (cause,) = told(releases).values()
    assert cause.key == f"outcome_moved/{DEMENTIA}/1.1.0-000000000001"
    # Bristol's judgement changed too, but its value didn't move beyond its limits.
    assert [each.area_codes for each in cause.spoils] == [(STOCKPORT,)]
    assert recipients(cause) == {"stockport-leads"}
    (move,) = cause.spoils[0].detail["moves"]
    assert (move["before"], move["after"], move["period"]) == ("similar", "worse", "2025/26")


def test_a_trend_that_turned_is_news(releases: Releases) -> None:
    described = series()
    trend = {"area_code": BRISTOL, "last_period_start": "2025-04-01"}
    releases.make(**described, trends=[{**trend, "direction": "no_change"}])
    rising = {**trend, "direction": "increasing", "judgement": "worse"}
    releases.make(**described, trends=[rising])
    (cause,) = told(releases).values()
    assert recipients(cause) == {"bnssg-leads"}
    # Until there were enough years, nothing was said that could have turned.
    releases.make(**described, trends=[{**trend, "direction": "not_calculated"}])
    releases.make(**described, trends=[rising])
    assert told(releases) == {}


def test_a_first_release_is_no_news(releases: Releases) -> None:
    releases.make(**series(point(STOCKPORT, 2.0, "worse")))
    assert told(releases) == {}

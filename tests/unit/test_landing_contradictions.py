"""A sidecar or a name that can't be so is refused, with both sides named."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dagster_project.calendar import today
from tests.support import landing_files as files
from tests.support.landing_files import as_csv
from tests.support.landing_place import Place
from tests.support.landing_reference import population_workbook

NAME = "estimates.xls"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_sidecar_of_another_year_than_the_titles_is_refused(place: Place) -> None:
    place.put(NAME, population_workbook())
    place.put(f"{NAME}.period", b"2019")
    place.land()
    refusal = place.refused(NAME)
    assert refusal.problem == "the sidecar says another period than the file"
    assert refusal.got == "2019 in the sidecar, 2020 in the titles of its sheets"
    place.put(f"{NAME}.period", b"period: 2020")
    assert place.land().landed == [NAME]


@pytest.mark.parametrize(("days", "lands"), [(0, True), (1, True), (2, False), (400, False)])
def test_a_vintage_in_the_future_is_refused(place: Place, days: int, lands: bool) -> None:
    day = (today() + timedelta(days)).isoformat()
    place.put("PREVALENCE_2021.csv", as_csv(files.qof_prevalence()))
    place.put("PREVALENCE_2021.csv.period", f"vintage: {day}".encode())
    summary = place.land()
    assert (summary.landed == ["PREVALENCE_2021.csv"]) is lands
    if not lands:
        refusal = place.refused("PREVALENCE_2021.csv")
        assert (refusal.problem, refusal.place, refusal.got) == (
            "the vintage lies in the future",
            "its sidecar",
            day,
        )

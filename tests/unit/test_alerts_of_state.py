"""What ledger and calendar tell: refused files, lateness, silence, waivers, reviews, runs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from dagster_project import state
from dagster_project.alerts import from_state
from dagster_project.alerts.causes import Cause
from dagster_project.alerts.routing import directory
from dagster_project.home import Home
from dagster_project.pipeline import runs
from dagster_project.retrying import BROKE_OFF, WAITS, failures
from tests.support.alerts_place import Place
from tests.support.alerts_release import said


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(Home(tmp_path / "home"))


def recipients(cause: Cause) -> list[str]:
    return [stake.recipient for stake in directory().stakes(cause)]


def sighted(place: Place, path: Path, *refusals: dict[str, str], left: bool = False) -> None:
    """As if that file had been looked at, and refused for these."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    told = [[left, {"file": path.name, **each}] for each in refusals]
    with state.connect(place.home.state) as ledger:
        ledger.execute(
            "insert or replace into sightings values (?, 1, 1, 1, '', 'r', ?)",
            (str(path), state.to_json(told)),
        )


NEARLY = {
    "place": "header",
    "got": "without 'Value', with 'Jo Bloggs'",
    "expected": "the columns of fingertips",
}


def test_a_refused_file_is_a_cause_for_as_long_as_it_stands_there(place: Place) -> None:
    path = place.home.inbox / "qof.csv"
    sighted(place, path, {"problem": "a row breaks off", "got": "7, 9434765919"})
    (cause,) = from_state.refused_files(place.home, {"fingertips": 3})
    assert (cause.kind, cause.subject, cause.source_id) == ("file_refused", "qof.csv", "")
    # What was got is what stands in the file.
    assert "9434765919" not in cause.as_json()
    assert recipients(cause) == ["data-engineering", "release-managers"]
    path.unlink()
    assert list(from_state.refused_files(place.home, {"fingertips": 3})) == []


def test_a_changed_layout_is_told_to_the_owner_of_its_source(place: Place) -> None:
    from dagster_project.sources import LAYOUTS_BY_ID

    layout = next(each for each in LAYOUTS_BY_ID.values() if each.source_id == "qof")
    problem = f"nearly the layout of {layout.title}, but the columns differ"
    sighted(place, place.home.inbox / "a.csv", {**NEARLY, "problem": problem})
    (cause,) = from_state.refused_files(place.home, {"fingertips": 3})
    assert (cause.kind, cause.source_id) == ("source_changed_shape", "qof")
    assert "primary-care-analysts" in recipients(cause)
    assert "Jo Bloggs" not in cause.as_json()


def test_a_fetched_file_is_its_sources(place: Place) -> None:
    sighted(place, place.home.live / "fingertips" / "a.csv", {"problem": "not a number"})
    (cause,) = from_state.refused_files(place.home, {"fingertips": 3})
    assert cause.source_id == "fingertips"
    assert cause.facts["indicators"] == 3


def test_only_what_is_published_is_said_to_stand_beside_a_refused_file(place: Place) -> None:
    sighted(place, place.home.live / "fingertips" / "a.csv", {"problem": "not a number"})
    (cause,) = from_state.refused_files(place.home, {"fingertips": 1, "qof": 9})
    rests = "The file was not taken in, and nothing that is published rests on it"
    title = directory().source_titles["fingertips"]
    assert (
        f"{rests}; what the latest release has of {title} (1 indicator) comes from other extracts."
        in said(cause)
    )
    # A new home, or a release of other sources.
    (cause,) = from_state.refused_files(place.home, {"qof": 9})
    assert f"{rests}." in said(cause)
    sighted(place, place.home.inbox / "a.csv", {"problem": "a page, and no table"})
    _, cause = from_state.refused_files(place.home, {"qof": 9})
    assert f"{rests}." in said(cause)
    assert "latest release" not in said(cause)


def test_a_file_that_holds_nhs_numbers_is_told_as_that(place: Place) -> None:
    problem = "the file holds NHS numbers, so it isn't taken in and no copy is kept"
    sighted(place, place.home.inbox / "a.csv", {"problem": problem})
    (cause,) = from_state.refused_files(place.home, {"fingertips": 3})
    assert cause.kind == "person_identified"


def test_what_is_out_of_scope_is_no_cause(place: Place) -> None:
    sighted(place, place.home.inbox / "a.csv", {"problem": "a dictionary"}, left=True)
    assert list(from_state.refused_files(place.home, {"fingertips": 3})) == []


def landed(place: Place, source_id: str, day: str) -> None:
    with state.connect(place.home.state) as ledger:
        ledger.execute(
            "insert into landings (sha256, source_id, layout_id, relative_path, bytes, vintage,"
            " run_number, landed_at) values (?, ?, 'x', 'x', 1, ?, 1, ?)",
            (source_id + day, source_id, day, f"{day}T09:45:00Z"),
        )


def test_a_source_is_overdue_after_its_grace_until_it_lands(place: Place) -> None:
    def on(day: str) -> list[Cause]:
        wanted = date.fromisoformat(day)
        return list(from_state.overdue_sources(place.home, wanted, {"qof": 2}))

    landed(place, "qof", "2025-09-26")
    assert on("2026-10-23") == []  # twenty working days after 26 September, a Saturday
    (cause,) = on("2026-10-24")
    assert (cause.key, cause.parts) == ("source_overdue/qof", ("2026-09-26",))
    assert recipients(cause) == ["data-engineering", "primary-care-analysts"]
    assert cause.facts["indicators"] == 2
    landed(place, "qof", "2026-10-26")
    assert on("2026-10-26") == []


def test_a_silent_source_is_one_cause_with_all_its_addresses(place: Place) -> None:
    told = state.to_json({"problem": "no whole answer in 5 tries", "got": "a page"})
    with state.connect(place.home.state) as ledger:
        for name, problem in (("a", told), ("b", told), ("c", None)):
            ledger.execute(
                "insert into live_addresses (place, source_id, outcome, checked_at, problem)"
                " values (?, 'fingertips', 'failed', '2026-11-16', ?)",
                (f"fingertips/{name}.csv", problem),
            )
    (cause,) = from_state.unreachable_sources(place.home)
    assert cause.facts["problems"] == [
        ["fingertips/a.csv", "no whole answer in 5 tries"],
        ["fingertips/b.csv", "no whole answer in 5 tries"],
    ]


def test_a_waiver_is_spoken_of_two_weeks_before_its_last_day(place: Place) -> None:
    with state.connect(place.home.state) as ledger:
        ledger.execute(
            "insert into waivers values ('C43', '{\"indicator_id\":\"dementia_qof_prevalence\"}',"
            " 'primary-care-analysts', '2026-12-01', 'confirmed', '2026-11-01T00:00:00Z')"
        )
    assert list(from_state.ending_waivers(place.home, date(2026, 11, 16))) == []
    (cause,) = from_state.ending_waivers(place.home, date(2026, 11, 17))
    assert recipients(cause) == ["primary-care-analysts"]
    assert cause.facts["key"] == "indicator_id=dementia_qof_prevalence"
    assert list(from_state.ending_waivers(place.home, date(2026, 12, 2))) == []


def test_a_review_falls_due_on_its_day_and_not_for_the_past(place: Place) -> None:
    def on(day: str) -> set[str]:
        wanted = date.fromisoformat(day)
        causes = from_state.due_reviews(place.home, directory(), wanted)
        return {cause.subject for cause in causes}

    # The home's first run was on 16 November 2026.
    assert on("2026-11-16") == set()
    assert on("2027-01-14") == set()
    assert on("2027-01-15") == {"bank_holidays"}
    assert "area_codes" in on("2027-05-01")


# Runs


def failing(place: Place, *, unattended: bool) -> None:
    runs.fail(place.home, ValueError("cell 17"), unattended=unattended, dagster_run="abc")


def failed(place: Place) -> list[Cause]:
    return list(from_state.failed_runs(place.home))


def test_a_run_that_a_person_started_is_told_at_once(place: Place) -> None:
    assert failed(place) == []
    failing(place, unattended=False)
    (cause,) = failed(place)
    assert cause.facts["attempts"] == 1
    assert "cell 17" not in cause.as_json()
    assert cause.facts["problem"].startswith("ValueError")
    assert recipients(cause) == ["data-engineering", "release-managers"]
    with state.connect(place.home.state) as ledger:
        place.run(ledger, "nothing new")
    assert failed(place) == []


def test_a_run_that_nobody_watches_is_tried_again_with_growing_waits_and_then_told(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "now", lambda: "2026-11-16T10:00:00Z")
    waits = []
    for number in range(1, len(WAITS) + 1):
        failing(place, unattended=True)
        assert failed(place) == []
        found = failures(place.home)
        assert found is not None
        assert (found.count, found.dagster_run) == (number, "abc")
        assert found.next_try is not None
        waits.append(found.next_try - datetime(2026, 11, 16, 10, tzinfo=UTC))
    assert tuple(waits) == WAITS
    failing(place, unattended=True)
    (cause,) = failed(place)
    assert cause.facts["attempts"] == 4


def test_a_run_that_broke_off_is_told_and_one_under_way_is_not(place: Place) -> None:
    number = runs.start(place.home)
    runs.begun_by(place.home, unattended=False, dagster_run="")
    assert failures(place.home, under_way=True) is None
    found = failures(place.home)
    assert found is not None
    assert (found.run_number, found.problem) == (number, BROKE_OFF)


def test_what_was_got_is_not_told_of_a_failure(place: Place) -> None:
    from dagster_project.errors import OutcomesError

    problem = OutcomesError("two rows of one key", place="marts", got="17, Stockport", fix="look")
    runs.fail(place.home, problem, unattended=False, dagster_run="")
    (cause,) = failed(place)
    assert cause.facts["problem"] == "marts: two rows of one key. To mend it: look."


def test_a_step_that_fails_leaves_its_reason_in_the_ledger(place: Place) -> None:
    from dagster_project.errors import BusyError
    from dagster_project.pipeline.steps import failure_is_noted
    from dagster_project.refresh import Request

    request = Request(place.home, (), date(2026, 11, 16), unattended=True, dagster_run="abc")

    def broken(error: Exception) -> Any:
        @failure_is_noted
        def step(asked: Request) -> None:
            raise error

        return step

    with pytest.raises(BusyError):
        broken(BusyError("another"))(request)
    assert failures(place.home) is None
    with pytest.raises(KeyError):
        broken(KeyError("x"))(request)
    found = failures(place.home)
    assert found is not None
    assert found.unattended

"""Which live sources are asked by themselves, and what is said of them afterwards."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dagster_project import reporting_status, state
from dagster_project.calendar import expected_by, source_rows
from dagster_project.errors import RefusedError
from dagster_project.fetching import ledger
from dagster_project.fetching.telling import live_lines
from tests.support.fetching_place import FILE, Desk
from tests.support.http_publisher import Publisher, status, whole


@pytest.fixture
def desk(tmp_path: Path, publisher: Publisher) -> Desk:
    """One address of Fingertips, which publishes in February, May, August and November."""
    made = Desk(tmp_path, publisher)
    made.address(source="fingertips")
    publisher.gives("/a.csv", whole(FILE))
    return made


def land(desk: Desk, day: str, source: str = "fingertips") -> None:
    """As if an extract of that source had landed on that day."""
    with state.connect(desk.home.state) as connection:
        connection.execute(
            "insert into landings (sha256, source_id, layout_id, relative_path, bytes, vintage,"
            " run_number, landed_at) values (?, ?, 'x', 'x', 1, ?, 1, ?)",
            (day, source, day, f"{day}T09:45:00Z"),
        )


def why(desk: Desk, as_of: str) -> str | None:
    return desk.ask(as_of=as_of)["fingertips"].why


def test_a_source_is_asked_until_it_gives_what_was_expected(desk: Desk) -> None:
    assert why(desk, "2026-08-30") == "an address was never asked"
    land(desk, "2026-08-30")
    assert why(desk, "2026-09-30") is None
    assert why(desk, "2026-11-06") is None
    assert why(desk, "2026-11-07") == "expected since 2026-11-07"
    assert why(desk, "2027-01-15") == "expected since 2026-11-07"
    land(desk, "2027-01-15")
    assert why(desk, "2027-01-16") is None


def test_it_is_asked_through_its_days_of_grace_though_something_has_come(desk: Desk) -> None:
    """Publishers release in parts: what comes on the first day may not be all."""
    desk.ask(as_of="2026-11-07")
    land(desk, "2026-11-07")
    assert "still in its days of grace" in str(why(desk, "2026-11-20"))
    assert why(desk, "2026-11-21") is None


def test_what_went_wrong_is_asked_again(desk: Desk, publisher: Publisher) -> None:
    land(desk, "2026-08-30")
    publisher.gives("/a.csv", status(404), whole(FILE))
    assert why(desk, "2026-09-01") == "an address was never asked"
    assert why(desk, "2026-09-02") == "it went wrong the last time"
    assert why(desk, "2026-09-03") is None


def refused(desk: Desk, name: str) -> dict[str, list[RefusedError]]:
    """As if landing had refused that file of the live inbox."""
    told = RefusedError("nearly the layout", file=f"fingertips/{name}", got="a changed header")
    return {str(desk.home.live / "fingertips" / name): [told]}


def test_what_landing_refused_is_asked_again(desk: Desk) -> None:
    land(desk, "2026-08-30")
    desk.ask(as_of="2026-09-01")
    ledger.note_landing(desk.home, {**refused(desk, "a.csv"), **refused(desk, "b.csv")})
    assert why(desk, "2026-09-02") == "it went wrong the last time"
    ledger.note_landing(desk.home, {})
    assert why(desk, "2026-09-03") is None


def test_an_older_file_after_one_that_landing_refused_is_its_repair(
    desk: Desk, publisher: Publisher
) -> None:
    changed = FILE.replace(b"area", b"code")
    publisher.gives("/a.csv", whole(FILE), whole(changed), whole(FILE))
    desk.ask("fingertips")
    desk.ask("fingertips")
    ledger.note_landing(desk.home, refused(desk, "a.csv"))
    assert desk.ask("fingertips")["fingertips"].outcome == "fetched"
    assert desk.content(source="fingertips") == FILE


def test_a_new_address_of_a_source_makes_it_due(desk: Desk, publisher: Publisher) -> None:
    land(desk, "2026-08-30")
    desk.ask(as_of="2026-09-01")
    desk.address("b.csv", source="fingertips")
    publisher.gives("/b.csv", whole(FILE))
    assert why(desk, "2026-09-02") == "an address was never asked"
    assert desk.told["fingertips"].fetched == ["fingertips/b.csv"]


def test_an_address_that_is_gone_leaves_nothing_in_the_live_inbox(
    desk: Desk, publisher: Publisher
) -> None:
    desk.address("b.csv", source="fingertips")
    publisher.gives("/b.csv", whole(FILE))
    desk.ask()
    desk.addresses.pop()
    desk.ask()
    found = {path.name for path in desk.home.live.rglob("*") if path.is_file()}
    assert found == {"a.csv", "a.csv.period"}
    assert set(ledger.load(desk.home)) == {"fingertips/a.csv"}


def test_a_source_without_a_rhythm_is_asked_once_and_then_by_name(
    desk: Desk, publisher: Publisher
) -> None:
    desk.address("c.csv", source="areas_registry")
    publisher.gives("/c.csv", whole(FILE))
    assert desk.ask()["areas_registry"].outcome == "fetched"
    assert desk.ask()["areas_registry"].outcome == "not due"
    asked = desk.ask("areas_registry")
    assert set(asked) == {"areas_registry"}
    assert asked["areas_registry"].outcome == "unchanged"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-02-06", "2025-11-07"),
        ("2026-02-07", "2026-02-07"),
        ("2026-04-30", "2026-02-07"),
        ("2026-12-31", "2026-11-07"),
    ],
)
def test_the_last_expected_day(day: str, expected: str) -> None:
    row = next(row for row in source_rows() if row["source_id"] == "fingertips")
    assert expected_by(row, date.fromisoformat(day)) == date.fromisoformat(expected)


def test_no_day_is_expected_of_a_source_without_a_rhythm() -> None:
    row = next(row for row in source_rows() if row["cadence"] == "none")
    assert expected_by(row, date(2026, 11, 24)) is None


# What is said


def test_the_summary_names_each_source_and_each_thing_that_went_wrong(
    desk: Desk, publisher: Publisher
) -> None:
    for name, source in (("b.csv", "fingertips"), ("c.csv", "qof"), ("d.csv", "ascof")):
        desk.address(name, source=source)
    publisher.gives("/b.csv", status(404))
    publisher.gives("/c.csv", whole(FILE))
    publisher.gives("/d.csv", status(500))
    land(desk, "2026-11-20", "areas_registry")
    desk.address("e.csv", source="areas_registry")
    publisher.gives("/e.csv", whole(FILE))
    desk.ask("areas_registry")
    lines = live_lines([told.as_dict() for told in desk.ask().values()])
    said = {line.partition(":")[0].strip(): line for line in lines}
    assert said["fingertips"] == "fingertips: refused (1 new, 1 in vain)"
    assert said["qof"] == "qof: fetched"
    assert said["ascof"] == "ascof: failed"
    assert said["areas_registry"] == "areas_registry: not due; it has no rhythm"
    assert "status 404" in said["fingertips/b.csv"]
    assert "the server answered 500" in said["ascof/d.csv"]


def test_status_tells_when_a_live_source_was_asked_changed_and_failed(
    desk: Desk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.gives("/a.csv", whole(FILE), status(404), whole(FILE))
    seen = []
    for day in ("2026-11-02", "2026-11-03", "2026-11-04"):
        monkeypatch.setattr(state, "now", lambda day=day: f"{day}T09:45:00Z")
        desk.ask("fingertips")
        record = reporting_status.status_record(desk.home)
        source = next(row for row in record["sources"] if row["source_id"] == "fingertips")
        seen.append(source["live"])
        page = "\n".join(reporting_status.status_lines({**record, "kind": "real"}))
        assert f"checked {day} 09:45" in page
        assert ("status 404" in page) == (day == "2026-11-03")
    changed = [each["last_changed"] for each in seen]
    assert changed == ["2026-11-02T09:45:00Z"] * 3
    assert [each["last_failed"] for each in seen] == [None, *["2026-11-03T09:45:00Z"] * 2]
    assert [len(each["problems"]) for each in seen] == [0, 1, 0]
    # What went wrong last is still told, for whoever asks later why a day was missed.
    assert "status 404" in seen[2]["last_problem"]


def test_status_of_sources_that_were_never_asked_says_nothing_of_them(desk: Desk) -> None:
    with state.connect(desk.home.state):
        pass
    record = reporting_status.status_record(desk.home)
    assert all(row["live"] is None for row in record["sources"])
    assert "Live sources" not in reporting_status.status_lines({**record, "kind": "real"})

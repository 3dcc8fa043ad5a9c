"""What is withdrawn doesn't come back by itself, and what else was published stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from release_support import publish

from dagster_project import cli, newness, recovery
from dagster_project.errors import UsageError
from dagster_project.fingerprint import code_version
from dagster_project.landing import taken_back
from dagster_project.refresh import settle_kind
from dagster_project.release.manifest import InputRecord, Manifest, verify
from dagster_project.release.store import ReleaseStore
from dagster_project.release.withdrawals import in_force
from dagster_project.withdrawing import withdraw
from tests.support.landing_files import as_csv, fingertips, sha256
from tests.support.landing_place import Place

A, B = (as_csv(fingertips(indicator=number)) for number in ("93001", "93002"))


def inputs_of(place: Place) -> tuple[InputRecord, ...]:
    return tuple(
        InputRecord(
            row["sha256"],
            row["source_id"],
            row["layout_id"],
            row["relative_path"],
            row["period"],
            row["vintage"],
            row["rows_kept"],
        )
        for row in place.ledger()
    )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A home of two releases: the first was made from a.csv, the second from b.csv too."""
    place = Place(tmp_path)
    settle_kind(place.home, sample=False)
    store = ReleaseStore(place.home)
    for version, (name, content) in enumerate({"a.csv": A, "b.csv": B}.items(), start=1):
        place.put(name, content)
        place.land()
        publish(store, version, inputs=inputs_of(place), code="earlier")
    return place


def store_of(place: Place) -> ReleaseStore:
    return ReleaseStore(place.home)


def landed(place: Place) -> list[str]:
    return [row["relative_path"] for row in place.ledger()]


def test_withdrawing_a_release_takes_back_the_file_that_came_with_it(place: Place) -> None:
    second, first = store_of(place).ids()
    said = withdraw(place.home, second, "sent in error")
    assert said == [
        f"Release {second} is withdrawn: 12 values taken back.",
        f"The latest release is now {first}; it was {second}.",
        "The file that came with it is taken back too: b.csv. The next refresh publishes without;"
        " other bytes may publish again. The bytes stay in landing/, marked.",
    ]
    assert landed(place) == ["a.csv"]
    assert (place.home.landing / sha256(B) / "extract").read_bytes() == B
    assert withdraw(place.home, second, "again")[0] == f"Release {second} was withdrawn before."


def test_what_was_taken_back_is_not_taken_in_again_and_other_bytes_are(place: Place) -> None:
    withdraw(place.home, store_of(place).ids()[0], "sent in error")
    summary = place.land()
    assert (summary.landed, summary.taken_back) == ([], ["b.csv"])
    assert landed(place) == ["a.csv"]
    place.agrees()
    place.put("b.csv", as_csv(fingertips(indicator="93002", areas=4)))
    assert place.land().landed == ["b.csv"]
    place.agrees()


def test_a_release_whose_files_another_was_made_from_goes_alone(place: Place) -> None:
    second, first = store_of(place).ids()
    said = withdraw(place.home, first, "sent in error")
    assert "so none is taken back" in said[-1]
    assert landed(place) == ["a.csv", "b.csv"]
    assert store_of(place).latest_id() == second
    # Once no release stands that was made from them, both files go.
    withdraw(place.home, second, "sent in error")
    assert landed(place) == []


def test_a_landing_is_taken_back_by_the_start_of_its_sha256(place: Place) -> None:
    second, first = store_of(place).ids()
    (said, showing) = withdraw(place.home, sha256(A)[:12], "about people")
    assert said.startswith("Taken back: a.csv, 3 rows. The next refresh publishes without;")
    assert f"Still there: the releases made from it, {second}, {first}." in showing
    assert landed(place) == ["b.csv"]
    assert withdraw(place.home, sha256(A)[:12], "again") == ["That landing was taken back before."]
    with pytest.raises(UsageError, match="made from a file that was taken back"):
        store_of(place).rollback(first)


@pytest.mark.parametrize(
    ("target", "problem"),
    [("0" * 12, "nothing has landed with such"), ("abc", "neither a release, a key nor a landing")],
)
def test_what_is_not_there_is_not_taken_back(place: Place, target: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        withdraw(place.home, target, "wrong")


@pytest.mark.parametrize("target", [sha256(A)[:12], "the latest release"])
def test_a_withdrawal_needs_a_reason(place: Place, target: str) -> None:
    target = store_of(place).ids()[0] if target == "the latest release" else target
    with pytest.raises(UsageError, match="needs a reason"):
        withdraw(place.home, target, " ")
    assert landed(place) == ["a.csv", "b.csv"]


def test_a_home_that_lost_its_state_knows_what_was_taken_back(place: Place) -> None:
    withdraw(place.home, store_of(place).ids()[0], "sent in error")
    for path in place.home.root.glob("state.sqlite*"):
        path.unlink()
    recovery.recover(place.home)
    assert taken_back.names(place.home) == {(sha256(B), None)}
    assert place.land().taken_back == ["b.csv"]
    # So it does from a manifest alone.
    publish(store_of(place), 3, in_force=in_force(place.home))
    for path in (*place.home.root.glob("state.sqlite*"), *place.home.landing.glob("*/taken*")):
        path.unlink()
    recovery.recover(place.home)
    assert taken_back.names(place.home) == {(sha256(B), None)}


def test_killed_before_the_mark_was_set_it_is_set_later(place: Place) -> None:
    rows = [row for row in place.ledger() if row["relative_path"] == "b.csv"]
    stone = taken_back.TakenBack(rows[0]["sha256"], None, "sent in error", "2026-01-01T00:00:00Z")
    taken_back.record(place.home, [stone])
    taken_back.settle(place.home)
    assert taken_back.marked(place.home) == [stone]
    assert landed(place) == ["a.csv"]


def test_the_same_as_what_was_withdrawn_is_not_published_again(place: Place) -> None:
    second = store_of(place).ids()[0]
    made_from = store_of(place).manifests()[0].fingerprint
    assert newness.nothing_to_publish(place.home, "f" * 64) is None
    withdraw(place.home, second, "sent in error")
    nothing = newness.nothing_to_publish(place.home, made_from)
    assert nothing is not None
    assert nothing.outcome == "withdrawn"
    assert newness.nothing_to_publish(place.home, "f" * 64) is None


def third(place: Place, code: str) -> Manifest:
    return publish(store_of(place), 3, inputs=inputs_of(place), code=code)


def test_where_nothing_but_the_code_was_new_that_code_publishes_no_more(place: Place) -> None:
    withdraw(place.home, third(place, code_version()).id, "worked out wrongly")
    assert landed(place) == ["a.csv", "b.csv"]
    nothing = newness.nothing_to_publish(place.home, "f" * 64)
    assert nothing is not None
    assert nothing.outcome == "code withdrawn"


def test_code_of_a_release_that_stands_publishes(place: Place) -> None:
    withdraw(place.home, third(place, "earlier").id, "worked out wrongly")
    assert newness.nothing_to_publish(place.home, "f" * 64) is None


def test_taking_back_a_key_says_what_it_did(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OUTCOMES_HOME", str(place.home.root))
    second, first = store_of(place).ids()
    key = "indicator_id=smoking,area_code=E08000007"
    assert cli.main(["withdraw", key, "--reason", "wrong"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"2 values taken back in release {second}.",
        f"2 values taken back in release {first}.",
        "The next refresh publishes it as withdrawn, whatever bytes come.",
    ]
    assert verify(store_of(place).path(second)).counts["withdrawn"] == 2

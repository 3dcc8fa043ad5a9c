"""A home that lost its state: what was taken back stays back, and what landed has landed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from release_support import STOCKPORT, publish

from dagster_project import cli, recovery, state
from dagster_project.errors import UsageError
from dagster_project.refresh import kind_of, settle_kind
from dagster_project.release.store import ReleaseStore
from dagster_project.release.withdraw import withdraw_key
from dagster_project.release.withdrawals import withdrawn_keys
from tests.support import landing_files as files
from tests.support.landing_files import as_csv, fingertips
from tests.support.landing_place import Place

KEY = {"indicator_id": "smoking", "area_code": STOCKPORT, "sex": "persons"}
TABLES = ("landings", "refusals", "withdrawals")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A home with landings of two runs, a refusal, two releases and a key taken back."""
    place = Place(tmp_path_factory.mktemp("made"))
    settle_kind(place.home, sample=True)
    place.put("a.csv", as_csv(fingertips(areas=2)))
    place.put("PREVALENCE.csv", as_csv(files.qof_prevalence()))
    place.put("PREVALENCE.csv.period", b"period: 2020/21\nvintage: 2021-09-30")
    place.put("bad.csv", as_csv(files.change(fingertips(), 2, "Value", "1*")))
    place.land(synthetic=True)
    place.put("a.csv", as_csv(fingertips(areas=3)))
    place.land(synthetic=True)
    store = ReleaseStore(place.home)
    for version in (1, 2):
        publish(store, version)
    withdraw_key(store, place.home.state, KEY, "sent in error")
    return place


@pytest.fixture
def place(made: Place, tmp_path: Path) -> Place:
    return made.copied_to(tmp_path)


def told(place: Place) -> dict[str, list[dict[str, Any]]]:
    """What the state says, without what it counts for itself or says of the day."""
    with state.connect(place.home.state) as ledger:
        return {
            table: [
                {
                    name: row[name]
                    for name in row.keys()  # noqa: SIM118 (a row of SQLite iterates its values)
                    if name not in ("withdrawal_id", "refusal_id", "refused_at")
                    and (table, name) != ("refusals", "run_number")
                }
                for row in ledger.execute(f"select * from {table}").fetchall()
            ]
            for table in TABLES
        }


def lose(place: Place) -> None:
    for path in place.home.root.glob("state.sqlite*"):
        path.unlink()


def fill_with_garbage(place: Place) -> None:
    lose(place)
    place.home.state.write_bytes(b"no database " * 1000)


def cut_short(place: Place) -> None:
    content = place.home.state.read_bytes()
    place.home.state.write_bytes(content[: len(content) // 2])


def empty(place: Place) -> None:
    lose(place)
    place.home.state.touch()


@pytest.mark.parametrize("harm", [lose, fill_with_garbage, cut_short, empty])
def test_the_state_is_rebuilt_from_what_stands_in_the_home(
    place: Place, harm: Callable[[Place], None]
) -> None:
    before = told(place)
    assert {table: len(rows) for table, rows in before.items()} == {
        "landings": 3,
        "refusals": 1,
        "withdrawals": 1,
    }
    harm(place)
    done = " ".join(recovery.recover(place.home))
    assert told(place) == before
    assert "sample data, 3 landed, 1 taken back. Not to be had back: " in done
    assert withdrawn_keys(place.home.state) == [KEY]
    assert kind_of(place.home) == "sample"
    with pytest.raises(UsageError, match="holds sample data"):
        settle_kind(place.home, sample=False)
    assert recovery.recover(place.home) == []


def test_what_was_damaged_is_kept_under_another_name(place: Place) -> None:
    fill_with_garbage(place)
    content = place.home.state.read_bytes()
    (first, *_) = recovery.recover(place.home)
    (aside,) = place.home.root.glob("state.damaged-*")
    assert aside.read_bytes() == content
    assert (
        first
        == f"state.sqlite was damaged (file is not a database); it now stands as {aside.name}."
    )


def test_the_next_run_is_later_than_all_that_landed(place: Place) -> None:
    lose(place)
    recovery.recover(place.home)
    with state.connect(place.home.state) as ledger:
        ledger.execute("insert into runs (started_at) values ('now')")
        assert ledger.execute("select max(run_number) from runs").fetchone()[0] == 3
    place.run_number = 2
    assert place.land(synthetic=True).known == 2
    place.agrees()


def test_a_roll_back_is_remembered(place: Place) -> None:
    store = ReleaseStore(place.home)
    second, first = store.ids()
    store.rollback(first)
    lose(place)
    recovery.recover(place.home)
    with state.connect(place.home.state) as ledger:
        rolled_back = state.get_meta(ledger, state.ROLLED_BACK)
    assert rolled_back == store.manifests()[0].fingerprint
    assert rolled_back is not None
    assert second.endswith(rolled_back[:12])


def test_an_older_state_learns_what_the_releases_say(place: Place) -> None:
    from dagster_project.release.withdraw import finish_withdrawals

    with state.connect(place.home.state) as ledger:
        ledger.execute("delete from withdrawals")
    assert finish_withdrawals(ReleaseStore(place.home), place.home.state) == []
    assert withdrawn_keys(place.home.state) == [KEY]


def test_a_home_with_nothing_in_it_has_no_kind(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert recovery.recover(place.home) == []
    assert kind_of(place.home) is None
    assert not place.home.state.exists()


def ask(place: Place, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setenv("OUTCOMES_HOME", str(place.home.root))
    return cli.main(list(words))


def test_status_says_that_the_state_is_gone(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lose(place)
    assert ask(place, monkeypatch, "status") == 0
    said = capsys.readouterr().out
    assert "(sample data)" in said
    assert "state.sqlite is gone. The next refresh rebuilds" in said
    assert not place.home.state.exists()


def test_status_of_a_damaged_state_says_what_to_do(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill_with_garbage(place)
    assert ask(place, monkeypatch, "status") == 1
    assert "To mend it: run `outcomes refresh`: it sets the file aside" in capsys.readouterr().err


def test_taking_back_from_a_home_without_a_state_rebuilds_it_first(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lose(place)
    first = ReleaseStore(place.home).ids()[-1]
    assert ask(place, monkeypatch, "rollback", first) == 0
    assert "it was rebuilt from its releases and landings" in capsys.readouterr().err
    assert withdrawn_keys(place.home.state) == [KEY]


def test_a_state_that_is_locked_is_not_taken_for_damaged(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: Any, **__: Any) -> sqlite3.Connection:
        raise sqlite3.OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(recovery.sqlite3, "connect", locked)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            recovery.recover(place.home)
    assert place.home.state.exists()

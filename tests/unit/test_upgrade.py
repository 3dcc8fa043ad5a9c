"""A home that the first version wrote goes on with today's code, and loses nothing on the way."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from release_support import STOCKPORT, publish

from dagster_project import cli, state
from dagster_project.errors import OutcomesError
from dagster_project.keeping.backup import back_up
from dagster_project.refresh import kind_of, put_right, settle_kind
from dagster_project.release.manifest import verify
from dagster_project.release.store import ReleaseStore
from dagster_project.release.withdraw import withdraw_key
from dagster_project.release.withdrawals import withdrawn_keys
from tests.support import landing_files as files
from tests.support.landing_files import as_csv, fingertips
from tests.support.landing_place import Place
from tests.support.old_home import TABLES, make_old

KEY = {"indicator_id": "smoking", "area_code": STOCKPORT, "sex": "persons"}
OTHER = KEY | {"indicator_id": "falls"}


def told(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What the state's tables of version 1 hold, asked past our code."""
    with closing(sqlite3.connect(path)) as ledger:
        return {name: ledger.execute(f"select * from {name}").fetchall() for name in TABLES}


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as ledger:
        return int(ledger.execute("pragma user_version").fetchone()[0])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A home of version 1: a landing, a refusal, a run, two releases, a key taken back."""
    place = Place(tmp_path_factory.mktemp("made"))
    settle_kind(place.home, sample=True)
    place.put("a.csv", as_csv(fingertips(areas=2)))
    place.put("bad.csv", as_csv(files.change(fingertips(), 2, "Value", "1*")))
    place.land(synthetic=True)
    with state.connect(place.home.state) as ledger:
        ledger.execute("insert into runs (started_at, outcome) values ('2024-01-01', 'published')")
    for number in (1, 2):
        publish(ReleaseStore(place.home), number)
    withdraw_key(ReleaseStore(place.home), place.home.state, KEY, "sent in error")
    make_old(place.home)
    assert version(place.home.state) == 1
    return place


@pytest.fixture
def place(made: Place, tmp_path: Path) -> Place:
    return made.copied_to(tmp_path)


def test_the_state_is_taken_over_row_by_row(place: Place) -> None:
    before = told(place.home.state)
    assert all(before.values())
    assert kind_of(place.home) == "sample"
    put_right(place.home)
    assert version(place.home.state) == state.SCHEMA_VERSION
    assert told(place.home.state) == before
    # And it has what came since, empty.
    with state.connect(place.home.state) as ledger:
        found = {row[0] for row in ledger.execute("select name from sqlite_master")}
    wanted = set(re.findall(r"create (?:table|unique index) if not exists (\w+)", state.SCHEMA))
    assert len(wanted) > len(TABLES)
    assert wanted <= found


def test_an_upgrade_that_is_broken_off_has_changed_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = told(place.home.state)
    with monkeypatch.context() as broken:
        broken.setattr(state, "FROM_VERSION_2", state.FROM_VERSION_2 + "select no_such_thing;\n")
        with pytest.raises(sqlite3.OperationalError), state.connect(place.home.state):
            pass
    assert (version(place.home.state), told(place.home.state)) == (1, before)
    put_right(place.home)
    assert told(place.home.state) == before


def test_what_had_landed_is_known_and_read_again(place: Place) -> None:
    place.home.warehouse.unlink()
    place.land(synthetic=True)
    assert (place.summary.landed, len(place.ledger())) == ([], 1)
    assert place.query("select count(*) from raw.fingertips_values")[0][0] > 0
    # The same bytes may now speak of a second period; until then they couldn't.
    assert len(place.refusals()) == 1


def test_its_releases_stand_and_things_are_taken_back_from_them(place: Place) -> None:
    store = ReleaseStore(place.home)
    put_right(place.home)
    for identifier in store.ids():
        manifest = verify(store.path(identifier))
        assert (manifest.waivers, manifest.in_force, manifest.code) == ((), (), "")
    assert len(withdraw_key(store, place.home.state, OTHER, "wrong denominator")) == 2
    for identifier in store.ids():
        verify(store.path(identifier))
        rows = f"from '{store.path(identifier)}/data/indicator_values.parquet' select distinct"
        where = f"where area_code = '{STOCKPORT}'"
        with duckdb.connect() as con:
            shown = con.execute(f"{rows} indicator_id, status, value is null {where}").fetchall()
        assert sorted(shown) == [("falls", "withdrawn", True), ("smoking", "withdrawn", True)]
    assert len(withdrawn_keys(place.home.state)) > 1
    # A release without a workbook gets none: it is what was published.
    assert not list(store.root.glob("*/outcomes.xlsx"))
    third = publish(store, 3)
    assert store.latest_id() == third.id


def test_the_commands_work_on_it(
    place: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OUTCOMES_HOME", str(place.home.root))
    first = ReleaseStore(place.home).ids()[-1]
    for words in (["status"], ["releases"], ["verify"], ["rollback", first], ["tidy"]):
        assert cli.main(words) == 0, words
    assert "as published" in capsys.readouterr().out
    (tmp_path / "copies").mkdir()
    back_up(place.home, tmp_path / "copies")


def test_a_home_of_later_code_is_left_alone(place: Place) -> None:
    put_right(place.home)
    with closing(sqlite3.connect(place.home.state)) as ledger:
        ledger.execute(f"pragma user_version = {state.SCHEMA_VERSION + 1}")
    before = place.home.state.read_bytes()
    with pytest.raises(OutcomesError, match="used by a later version"):
        put_right(place.home)
    assert place.home.state.read_bytes() == before

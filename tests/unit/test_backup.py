"""A copy of a home is whole whoever writes meanwhile; what is made from it is the home it was."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from release_support import STOCKPORT, publish, publish_for_ever

from dagster_project import cli, state
from dagster_project.errors import OutcomesError, UsageError
from dagster_project.home import Home
from dagster_project.keeping import backup as copies
from dagster_project.keeping.backup import NOTE, back_up
from dagster_project.keeping.restore import check, restore
from dagster_project.refresh import kind_of, put_right, settle_kind
from dagster_project.release.files import relative_files
from dagster_project.release.manifest import verify
from dagster_project.release.store import ReleaseStore
from dagster_project.release.withdraw import withdraw_key, withdraw_release
from dagster_project.release.withdrawals import withdrawn_keys
from tests.support import landing_files as files
from tests.support.landing_files import as_csv, fingertips
from tests.support.landing_place import Place
from tests.support.processes import FORKED

KEY = {"indicator_id": "smoking", "area_code": STOCKPORT, "sex": "persons"}
ALERTS = '[smtp]\nhost = "mail.example.org"\nsender = "outcomes@example.org"\n'
TABLES = ("landings", "refusals", "withdrawals", "waivers", "runs", "meta")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A home with landings, a refusal, two releases, and a key taken back."""
    place = Place(tmp_path_factory.mktemp("made"))
    (place.root / "copies").mkdir()
    settle_kind(place.home, sample=True)
    place.put("a.csv", as_csv(fingertips(areas=2)))
    place.put("bad.csv", as_csv(files.change(fingertips(), 2, "Value", "1*")))
    place.land(synthetic=True)
    for version in (1, 2):
        publish(ReleaseStore(place.home), version)
    withdraw_key(ReleaseStore(place.home), place.home.state, KEY, "sent in error")
    return place


@pytest.fixture
def place(made: Place, tmp_path: Path) -> Place:
    return made.copied_to(tmp_path)


def told(home: Home) -> dict[str, list[tuple[object, ...]]]:
    with state.connect(home.state) as ledger:
        return {
            table: [tuple(row) for row in ledger.execute(f"select * from {table}")]
            for table in TABLES
        }


def newest(folder: Path) -> Path:
    return max(folder.glob("outcomes-*"))


def later(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    monkeypatch.setattr(copies.state, "now", lambda: moment)


def test_a_home_made_from_a_copy_is_the_home_it_was(place: Place, tmp_path: Path) -> None:
    made = back_up(place.home, tmp_path / "copies")
    restored = Home(tmp_path / "elsewhere" / "home")
    restore(restored, Path(made["backup"]))
    assert told(restored) == told(place.home)
    for folder in ("landing", "quarantine", "releases"):
        assert relative_files(restored.root / folder) == relative_files(place.home.root / folder)
    store = ReleaseStore(restored)
    assert (store.ids(), store.latest_id()) == (
        ReleaseStore(place.home).ids(),
        ReleaseStore(place.home).latest_id(),
    )
    assert not store.link.readlink().is_absolute()
    for identifier in store.ids():
        verify(store.path(identifier))
    assert kind_of(restored) == "sample"
    # Nothing is left to put right, and what had landed has landed: the warehouse is made of it.
    put_right(restored)
    place.home = restored
    assert not restored.warehouse.exists()
    place.land(synthetic=True)
    assert place.summary.landed == []
    assert place.query("select count(*) from raw.fingertips_values")[0][0] > 0


def test_what_the_owner_of_a_home_wrote_is_in_the_copy(place: Place, tmp_path: Path) -> None:
    written = {"retention.toml": "[releases]\ndays = 800\n", "alerts.toml": ALERTS}
    for name, text in written.items():
        (place.home.root / name).write_text(text)
    restored = Home(tmp_path / "elsewhere" / "home")
    restore(restored, Path(back_up(place.home, tmp_path / "copies")["backup"]))
    assert {name: (restored.root / name).read_text() for name in written} == written


def test_what_an_earlier_copy_has_takes_no_room_again(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "copies"
    later(monkeypatch, "2026-01-01T00:00:00Z")
    first = Path(back_up(place.home, folder)["backup"])
    publish(ReleaseStore(place.home), 3)
    later(monkeypatch, "2026-01-02T00:00:00Z")
    second = Path(back_up(place.home, folder)["backup"])
    (landed,) = (first / "landing").glob("*/extract")
    again = second / landed.relative_to(first)
    assert again.stat().st_ino == landed.stat().st_ino
    data = "data/indicator_values.parquet"
    for identifier in ReleaseStore(place.home).ids()[1:]:
        names = [copy / "releases" / identifier / data for copy in (first, second)]
        assert names[0].stat().st_ino == names[1].stat().st_ino
    shutil.rmtree(first)
    check(second)


def test_a_release_that_was_redacted_is_copied_anew(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "copies"
    later(monkeypatch, "2026-01-01T00:00:00Z")
    back_up(place.home, folder)
    key = KEY | {"indicator_id": "falls"}
    withdraw_key(ReleaseStore(place.home), place.home.state, key, "sent in error")
    later(monkeypatch, "2026-01-02T00:00:00Z")
    second = back_up(place.home, folder)
    restored = Home(tmp_path / "restored")
    restore(restored, Path(second["backup"]))
    assert len(withdrawn_keys(restored.state)) == len(withdrawn_keys(place.home.state))
    for identifier in ReleaseStore(restored).ids():
        here = verify(ReleaseStore(restored).path(identifier))
        assert here == verify(ReleaseStore(place.home).path(identifier))


def test_a_copy_made_while_releases_are_published_is_whole(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.make()
    settle_kind(home, sample=True)
    process = FORKED.Process(target=publish_for_ever, args=(home.root,))
    process.start()
    try:
        deadline = time.monotonic() + 60
        while not (home.root / "ready").exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        held = []
        for number in range(3):
            (tmp_path / f"copies-{number}").mkdir()
            made = back_up(home, tmp_path / f"copies-{number}")
            held.append(len(made["releases"]))
            restored = Home(tmp_path / f"restored-{number}")
            restore(restored, Path(made["backup"]))
            store = ReleaseStore(restored)
            assert store.latest_id() in store.ids()
            for identifier in store.ids():
                verify(store.path(identifier))
            assert store.reconcile() == []
    finally:
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
    assert held == sorted(held)


def test_the_state_is_copied_as_of_one_instant(place: Place, tmp_path: Path) -> None:
    """What another process is about to write isn't in the copy, and doesn't stop it."""
    with closing(sqlite3.connect(place.home.state, isolation_level=None)) as writer:
        writer.execute("begin immediate")
        writer.execute("insert into meta values ('half', 'done')")
        made = back_up(place.home, tmp_path / "copies")
        writer.execute("commit")
    copied = Path(made["backup"]) / "state.sqlite"
    assert not copied.with_name("state.sqlite-wal").exists()
    with closing(sqlite3.connect(copied)) as ledger:
        assert ledger.execute("select count(*) from meta where key = 'half'").fetchone() == (0,)
        assert ledger.execute("select count(*) from landings").fetchone() == (1,)


def test_a_copy_that_failed_leaves_nothing(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (extract,) = place.home.landing.glob("*/extract")
    extract.unlink()
    folder = tmp_path / "copies"
    with pytest.raises(OutcomesError, match="the copy isn't whole") as refused:
        back_up(place.home, folder)
    assert refused.value.got == f"no bytes of {extract.parent.name}"
    assert list(folder.iterdir()) == []


def test_a_damaged_release_is_said_and_not_copied(place: Place, tmp_path: Path) -> None:
    release = ReleaseStore(place.home).path(ReleaseStore(place.home).ids()[0])
    (release / "csv/comparisons.csv").write_text("torn")
    with pytest.raises(OutcomesError, match="can't be copied as its manifest says"):
        back_up(place.home, tmp_path / "copies")
    assert list((tmp_path / "copies").iterdir()) == []


@pytest.mark.parametrize("damage", ["changed", "missing", "more"])
def test_a_damaged_copy_is_refused_before_anything_is_made(
    place: Place, tmp_path: Path, damage: str
) -> None:
    backup = Path(back_up(place.home, tmp_path / "copies")["backup"])
    (extract,) = (backup / "landing").glob("*/extract")
    if damage == "changed":
        extract.write_bytes(extract.read_bytes()[:-1] + b"x")
    elif damage == "missing":
        extract.unlink()
    else:
        (backup / "releases" / "stray").write_text("x")
    with pytest.raises(OutcomesError, match="isn't what was copied"):
        restore(Home(tmp_path / "new"), backup)
    assert not (tmp_path / "new").exists()


def test_no_home_is_written_over(place: Place, tmp_path: Path) -> None:
    backup = Path(back_up(place.home, tmp_path / "copies")["backup"])
    with pytest.raises(UsageError, match="a home stands here"):
        restore(place.home, backup)
    with pytest.raises(UsageError, match="no copy of a home"):
        restore(Home(tmp_path / "new"), tmp_path)
    with pytest.raises(UsageError, match="inside the home"):
        back_up(place.home, place.home.root / "copies")


@pytest.mark.parametrize("there", ["nothing", "a file"])
def test_what_is_not_there_is_not_copied_into(place: Place, tmp_path: Path, there: str) -> None:
    folder = tmp_path / "disk" / "copies"
    if there == "a file":
        folder = tmp_path / "file"
        folder.touch()
    with pytest.raises(UsageError, match="no such folder to copy into"):
        back_up(place.home, folder)
    assert not (tmp_path / "disk").exists()


def test_a_disk_that_is_not_mounted_is_missed(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a disk isn't mounted, its place is a folder with nothing in it."""
    folder = tmp_path / "copies"
    later(monkeypatch, "2026-01-01T00:00:00Z")
    back_up(place.home, folder)
    folder.rename(tmp_path / "unmounted")
    folder.mkdir()
    later(monkeypatch, "2026-01-02T00:00:00Z")
    with pytest.raises(UsageError, match="made in this folder aren't there") as refused:
        back_up(place.home, folder)
    assert "2026-01-01T00:00:00Z" in (refused.value.expected or "")
    assert list(folder.iterdir()) == []
    folder.rmdir()
    (tmp_path / "unmounted").rename(folder)
    assert back_up(place.home, folder)["releases"]


def test_a_copy_made_between_a_release_and_its_switch_has_the_switch(
    place: Place, tmp_path: Path
) -> None:
    """Killed there, or copied there, it is the same: the release is in place and announced."""
    store = ReleaseStore(place.home)
    latest = store.latest_id() or ""
    store.link.unlink()
    store.link.with_name(f".latest-{latest}").symlink_to(latest)
    made = back_up(place.home, tmp_path / "copies")
    assert made["latest"] == latest
    assert (Path(made["backup"]) / "releases/latest").readlink() == Path(latest)


def test_a_release_published_while_the_state_is_copied_is_in_the_copy(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state, the releases and `latest` are of one instant."""
    copy, published = copies._copy_state, []

    def meanwhile(source: Path, target: Path) -> None:
        copy(source, target)
        if not published:
            published.append(publish(ReleaseStore(place.home), 3).id)

    monkeypatch.setattr(copies, "_copy_state", meanwhile)
    made = back_up(place.home, tmp_path / "copies")
    assert made["latest"] == published[0]
    assert made["releases"] == sorted(ReleaseStore(place.home).ids())


def test_a_latest_release_that_is_taken_back_meanwhile_is_not_the_latest_of_the_copy(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, taken = copies._copy_bytes, []

    def meanwhile(home: Home, building: Path, earlier: Path | None) -> None:
        copy(home, building, earlier)
        if not taken:
            store = ReleaseStore(home)
            taken.append(store.latest_id())
            withdraw_release(store, home.state, taken[0] or "", "sent in error")

    monkeypatch.setattr(copies, "_copy_bytes", meanwhile)
    made = back_up(place.home, tmp_path / "copies")
    assert made["latest"] == ReleaseStore(place.home).latest_id() != taken[0]


def test_that_no_release_may_be_read_is_in_the_copy(place: Place, tmp_path: Path) -> None:
    store = ReleaseStore(place.home)
    store.point_latest(None)
    restored = Home(tmp_path / "restored")
    restore(restored, Path(back_up(place.home, tmp_path / "copies")["backup"]))
    assert ReleaseStore(restored).reconcile() == []
    assert ReleaseStore(restored).latest_id() is None


def test_a_copy_of_a_later_version_is_refused(place: Place, tmp_path: Path) -> None:
    backup = Path(back_up(place.home, tmp_path / "copies")["backup"])
    note = json.loads((backup / NOTE).read_text())
    note["holds"]["state_version"] += 1
    (backup / NOTE).write_text(json.dumps(note))
    with pytest.raises(OutcomesError, match="made by a later version"):
        restore(Home(tmp_path / "new"), backup)


def test_the_commands_say_what_they_did(
    place: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OUTCOMES_HOME", str(place.home.root))
    assert cli.main(["backup", str(tmp_path / "copies")]) == 0
    said = capsys.readouterr().out.splitlines()
    latest = ReleaseStore(place.home).latest_id()
    assert said[1] == f"  2 releases, the latest {latest}; 1 landed files"
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path / "new"))
    assert cli.main(["restore", str(newest(tmp_path / "copies"))]) == 0
    assert "What was withdrawn or waived since isn't in it" in capsys.readouterr().out
    assert ReleaseStore(Home(tmp_path / "new")).latest_id() == latest
    assert cli.main(["restore", str(newest(tmp_path / "copies"))]) == 2

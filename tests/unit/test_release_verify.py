"""What was done to a release behind our back is noticed, and a link that is gone is put back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from release_support import publish, store_at

from dagster_project import cli
from dagster_project.errors import OutcomesError
from dagster_project.release.store import ReleaseStore
from dagster_project.withdrawing import roll_back

CSV, PARQUET = "csv/changes.csv", "data/changes.parquet"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReleaseStore:
    store = store_at(tmp_path / "home")
    for version in (1, 2):
        publish(store, version)
    monkeypatch.setenv("OUTCOMES_HOME", str(store.home.root))
    return store


def edit(release: Path) -> str:
    """Another digit, the same size."""
    path = release / CSV
    path.write_bytes(path.read_bytes()[:-2] + b"7\n")
    return f"  {CSV}: different from what was published"


def delete(release: Path) -> str:
    (release / PARQUET).unlink()
    return f"  {PARQUET}: missing"


def add(release: Path) -> str:
    (release / "csv/notes.csv").write_text("x")
    return "  csv/notes.csv: not in the manifest"


def cut(release: Path) -> str:
    (release / CSV).write_text("x")
    return f"  {CSV}: of another size"


def empty_manifest(release: Path) -> str:
    (release / "manifest.json").write_text("")
    return "  manifest.json: JSONDecodeError: Expecting value: line 1 column 1 (char 0)"


HARMS = [edit, delete, add, cut, empty_manifest]


def test_releases_as_published_are_said_to_be(
    store: ReleaseStore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["verify"]) == 0
    second, first = store.ids()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0] for line in lines] == [second, first]
    assert all(line.endswith("as published") for line in lines)


@pytest.mark.parametrize("harm", HARMS)
def test_each_file_that_was_touched_is_named(
    store: ReleaseStore, capsys: pytest.CaptureFixture[str], harm: Callable[[Path], str]
) -> None:
    second, first = store.ids()
    told = harm(store.path(second))
    assert cli.main(["verify", second]) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [told]
    assert cli.main(["verify", first]) == 0


@pytest.mark.parametrize("harm", HARMS)
def test_nothing_is_built_on_a_release_that_was_touched(
    store: ReleaseStore, harm: Callable[[Path], str]
) -> None:
    store.check_basis()
    harm(store.path(store.ids()[0]))
    with pytest.raises(OutcomesError, match=r"isn't what its manifest says|can't be read"):
        store.check_basis()


@pytest.mark.parametrize("harm", HARMS)
def test_readers_are_not_sent_back_to_one_but_away_from_it(
    store: ReleaseStore, harm: Callable[[Path], str]
) -> None:
    second, first = store.ids()
    harm(store.path(second))
    if harm is empty_manifest:
        # What it hides can't be told, so only taking it back leads away from it.
        with pytest.raises(OutcomesError, match="what is hidden today can't be told"):
            roll_back(store.home, first)
        return
    roll_back(store.home, first)
    with pytest.raises(OutcomesError, match=r"isn't what its manifest says|can't be read"):
        roll_back(store.home, second)
    assert store.latest_id() == first


def test_a_link_that_is_gone_is_put_back(store: ReleaseStore) -> None:
    second = store.ids()[0]
    store.link.unlink()
    assert store.reconcile() == [f"`latest` was gone; it is now {second}."]
    assert store.latest_id() == second
    assert store.reconcile() == []


def test_a_link_that_leads_nowhere_is_told_and_put_right(
    store: ReleaseStore, capsys: pytest.CaptureFixture[str]
) -> None:
    second = store.ids()[0]
    store.link.unlink()
    store.link.symlink_to("9.9.9-000000000000")
    assert cli.main(["status"]) == 1
    said = capsys.readouterr().err
    assert "`latest` names a release that isn't there. got 9.9.9-000000000000" in said
    assert "To mend it: run `outcomes refresh`" in said
    store.reconcile()
    assert store.latest_id() == second


def test_an_unknown_release_is_refused(store: ReleaseStore) -> None:
    assert cli.main(["verify", "7.0.0-000000000000"]) == 2

"""What shows a release is written from its tables, listed in its manifest, made again with them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from release_support import STOCKPORT, publish, store_at, texts_in

from dagster_project import system_errors
from dagster_project.errors import OutcomesError, PublicationRefused
from dagster_project.release import presenting
from dagster_project.release.manifest import Manifest, read_manifest, verify, write_manifest
from dagster_project.release.presenting import Presenter, present
from dagster_project.release.store import ReleaseStore
from dagster_project.release.withdraw import finish_withdrawals, withdraw_key
from dagster_project.withdrawing import roll_back
from tests.support import beside_work
from tests.support.processes import is_running, within

KEY = {"indicator_id": "smoking", "area_code": STOCKPORT, "period_start": "2021-04-01"}
CELL = f"indicator_id = 'smoking' and area_code = '{STOCKPORT}' and year(period_start) = 2021"


def write_values(directory: Path, manifest: Manifest) -> None:
    """A page with every value of the release and its status, as a site has them."""
    with duckdb.connect() as con:
        rows = con.execute(
            f"from '{directory}/data/indicator_values.parquet' select value, status order by all"
        ).fetchall()
    page = directory / "pages/values.txt"
    page.parent.mkdir()
    page.write_text(f"{manifest.id}\n" + "\n".join(map(str, rows)))


PAGES = Presenter("Writing the pages", "pages", write_values)


def show(store: ReleaseStore, identifier: str) -> None:
    """A release gets its pages, as a publication gives it them."""
    directory, manifest = store.path(identifier), read_manifest(store.path(identifier))
    files = present(directory, manifest)
    write_manifest(directory, replace(manifest, files=(*manifest.files, *files)))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReleaseStore:
    """Two releases with pages: a value of the first is suppressed in the second."""
    monkeypatch.setattr(presenting, "PRESENTERS", (PAGES,))
    store = store_at(tmp_path)
    publish(store, 1)
    publish(store, 2, hidden=CELL)
    for identifier in store.ids():
        show(store, identifier)
    return store


def page_of(store: ReleaseStore, identifier: str) -> str:
    return (store.path(identifier) / "pages/values.txt").read_text()


def test_the_manifest_lists_what_was_written(store: ReleaseStore) -> None:
    assert len(store.ids()) == 2
    for identifier in store.ids():
        manifest = verify(store.path(identifier))
        assert [file.path for file in manifest.files if file.path.startswith("pages")] == [
            "pages/values.txt"
        ]


def test_what_was_changed_afterwards_is_found(store: ReleaseStore) -> None:
    page = store.path(store.ids()[0]) / "pages/values.txt"
    page.write_text(page.read_text().replace("published", "publishes"))
    with pytest.raises(OutcomesError, match="isn't what its manifest says") as refused:
        verify(store.path(store.ids()[0]))
    assert "pages/values.txt" in str(refused.value.got)


def test_nothing_withdrawn_is_left_on_a_page(store: ReleaseStore) -> None:
    first = store.ids()[-1]
    assert "(7007.01, 'published')" in page_of(store, first)
    withdraw_key(store, store.home.state, KEY, "wrong denominator")
    assert "7007.01" not in page_of(store, first)
    assert "(None, 'withdrawn')" in page_of(store, first)
    assert "(7008.01, 'published')" in page_of(store, first)
    verify(store.path(first))


def test_nothing_hidden_since_is_left_on_a_page(store: ReleaseStore) -> None:
    first = store.ids()[-1]
    roll_back(store.home, first)
    assert "7007.01" not in page_of(store, first)
    assert "(None, 'suppressed')" in page_of(store, first)
    verify(store.path(first))


def test_a_page_that_cant_be_made_again_doesnt_keep_the_figures(
    store: ReleaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(directory: Path, manifest: Manifest) -> None:
        (directory / "pages").mkdir()
        (directory / "pages/half.txt").write_text("7007.01")
        raise ValueError("a mistake in a page")

    pages = (Presenter("Writing the pages", "pages", broken),)
    with monkeypatch.context() as wrong:
        wrong.setattr(presenting, "PRESENTERS", pages)
        with pytest.raises(OutcomesError, match="so are its workbook and pages") as told:
            withdraw_key(store, store.home.state, KEY, "wrong denominator")
    assert told.value.got == "ValueError: a mistake in a page"
    for identifier in store.ids():
        verify(store.path(identifier))
        assert not (store.path(identifier) / "pages/half.txt").exists()
        assert "7007.01" not in "\n".join(texts_in(store.path(identifier)))
    # It is done, and isn't done again.
    assert finish_withdrawals(store, store.home.state) == []


def test_the_same_release_gives_the_same_bytes(store: ReleaseStore, tmp_path: Path) -> None:
    first = store.path(store.ids()[-1])
    manifest = read_manifest(first)
    (first / "pages/values.txt").unlink()
    (first / "pages").rmdir()
    assert list(present(first, manifest)) == [
        file for file in manifest.files if file.path.startswith("pages")
    ]


def overwrite(directory: Path, manifest: Manifest) -> None:
    (directory / "csv/comparisons.csv").write_text("mine")


def stray(directory: Path, manifest: Manifest) -> None:
    (directory / "pages-of-another").mkdir()
    (directory / "pages-of-another/index.html").write_text("mine")


def lose(directory: Path, manifest: Manifest) -> None:
    (directory / "csv/comparisons.csv").unlink()


@pytest.mark.parametrize("write", [overwrite, stray, lose])
def test_whoever_touches_other_files_is_refused(
    store: ReleaseStore, write: Callable[[Path, Manifest], None]
) -> None:
    release = store.path(store.ids()[0])
    (release / "pages/values.txt").unlink()
    naughty = Presenter("Writing the pages", "pages", write)
    with pytest.raises(PublicationRefused, match="changed other files"):
        present(release, read_manifest(release), [naughty])


def test_a_file_that_has_its_name_and_nothing_more_is_refused(tmp_path: Path) -> None:
    # The other process imports what it does by name: this does nothing with what it is given.
    nothing: Any = operator.eq
    presenter = Presenter("Writing the book", "book", nothing, is_beside=True)
    manifest: Any = {}
    with pytest.raises(PublicationRefused, match="wasn't written"):
        present(tmp_path, manifest, (presenter,))


def nothing_stays(
    store: ReleaseStore, work: Callable[[Path, Any], None], *others: Presenter
) -> Any:
    """What stopped a third release, of which nothing was left."""
    before, latest = sorted(path.name for path in store.root.iterdir()), store.latest_id()
    book = Presenter("Writing the book", "book", work, is_beside=True)
    other = "1.5.0-" + "0" * 12
    with pytest.raises(BaseException) as told, store.begin(other) as building:
        (building / "data").mkdir()
        present(building, read_manifest(store.path(latest or "")), (book, *others))
    assert sorted(path.name for path in store.root.iterdir()) == before
    assert store.latest_id() == latest
    assert store.reconcile() == []
    return told.value


def write_page(directory: Path, manifest: Manifest) -> None:
    (directory / "pages").mkdir()
    (directory / "pages/index.html").write_text("whole")


WHOLE = Presenter("Writing the pages", "pages", write_page)


def test_a_workbook_that_cant_be_made_stops_the_release_and_nothing_is_announced(
    store: ReleaseStore,
) -> None:
    problem = nothing_stays(store, beside_work.half_written, WHOLE)
    assert isinstance(problem, ValueError)
    assert str(problem) == "a mistake in the book"
    assert any("half_written" in note for note in problem.__notes__)


def test_a_disk_that_is_full_for_the_workbook_is_told_as_one(store: ReleaseStore) -> None:
    problem = nothing_stays(store, beside_work.full_disk, WHOLE)
    found = system_errors.told(problem, store.home)
    assert found is not None
    assert found.problem == system_errors.FULL[0]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_pages_that_cant_be_made_end_the_workbook_too(
    store: ReleaseStore, error: type[BaseException]
) -> None:
    processes = []

    def broken(directory: Path, manifest: Manifest) -> None:
        processes.append(int(within((directory / "pid").read_text)))
        raise error

    problem = nothing_stays(
        store, beside_work.never_done, Presenter("Writing the pages", "pages", broken)
    )
    assert isinstance(problem, error)
    assert not is_running(processes[0])


@pytest.mark.parametrize("work", [beside_work.half_written, beside_work.never_done])
def test_of_a_workbook_that_cant_be_made_again_nothing_is_left(
    store: ReleaseStore, monkeypatch: pytest.MonkeyPatch, work: Callable[[Path, Any], None]
) -> None:
    def broken(directory: Path, manifest: Manifest) -> None:
        (directory / "pages/more").mkdir(parents=True)
        if work is beside_work.never_done:
            within((directory / "pid").read_text)
            raise ValueError("a mistake in a page")

    book = Presenter("Writing the book", "book", work, is_beside=True)
    pages = Presenter("Writing the pages", "pages", broken)
    with monkeypatch.context() as wrong:
        wrong.setattr(presenting, "PRESENTERS", (book, pages))
        with pytest.raises(OutcomesError, match="so are its workbook and pages"):
            withdraw_key(store, store.home.state, KEY, "wrong denominator")
    for identifier in store.ids():
        verify(store.path(identifier))
        assert beside_work.FIGURE not in "\n".join(texts_in(store.path(identifier)))
        assert {path.name for path in store.path(identifier).iterdir()} == {
            *("csv", "data", "manifest.json")
        }

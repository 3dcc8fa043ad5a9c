"""What the system refuses is told without a traceback, and asking writes nothing."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from release_support import publish, store_at

from dagster_project import cli, state, system_errors
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.refresh import settle_kind
from dagster_project.release.store import ReleaseStore


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReleaseStore:
    store = store_at(tmp_path / "home")
    settle_kind(store.home, sample=True)
    publish(store, 1)
    monkeypatch.setenv("OUTCOMES_HOME", str(store.home.root))
    return store


def everything(home: Home) -> dict[str, tuple[int, int]]:
    return {
        str(path): (path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in sorted(home.root.rglob("*"))
    }


@pytest.mark.parametrize("verb", ["status", "releases", "verify"])
def test_asking_writes_nothing_to_a_home_that_cannot_be_written(
    store: ReleaseStore, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    # The user who runs the tests may write anywhere: only what the system answers is changed.
    monkeypatch.setattr(os, "access", lambda *_: False)
    connected: list[Path] = []
    connect = sqlite3.connect

    def noted(path: Path, **options: Any) -> sqlite3.Connection:
        connected.append(Path(path))
        return connect(path, **options)

    monkeypatch.setattr(state.sqlite3, "connect", noted)
    before = everything(store.home)
    assert cli.main([verb]) == 0
    assert everything(store.home) == before
    assert store.home.state not in connected


def test_asking_of_a_home_that_is_not_there_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path / "home"))
    assert cli.main(["status"]) == 0
    said = capsys.readouterr().out
    assert "nothing here yet" in said
    # A name that was mistyped, a home of real data, or one that real data never enter.
    for way in ("OUTCOMES_HOME=DIR", "refresh --inbox DIR`", "refresh --sample`"):
        assert way in said
    assert not (tmp_path / "home").exists()


REFUSED = [
    (OSError(errno.ENOSPC, "No space left on device", "/h/x"), "/h/x: the disk is full. got No"),
    (PermissionError(errno.EACCES, "Permission denied", "/h/x"), "/h/x: the system doesn't let"),
    (OSError(errno.EROFS, "Read-only file system", "/h/x"), "/h/x: this stands where nothing can"),
    (FileNotFoundError(errno.ENOENT, "No such file", "/h/x"), "/h/x: a file or folder isn't there"),
    (
        OSError(errno.EIO, "Input/output error", "/h/x"),
        "/h/x: the disk refused to read or write. got Input",
    ),
    (sqlite3.OperationalError("database or disk is full"), "the disk is full"),
    (sqlite3.OperationalError("attempt to write a readonly database"), "nothing can be written"),
    (duckdb.IOException("IO Error: No space left on device"), "the disk is full"),
]


@pytest.mark.parametrize(("problem", "told"), REFUSED)
def test_what_the_system_refuses_is_told_with_what_to_do(
    store: ReleaseStore,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    problem: Exception,
    told: str,
) -> None:
    def refuse(_: Any) -> int:
        raise problem

    monkeypatch.setitem(cli.VERBS, "status", refuse)
    assert cli.main(["status"]) == 1
    said = capsys.readouterr().err
    assert told in said
    assert "To mend it: " in said


def test_a_full_disk_is_found_beneath_what_a_library_made_of_it(store: ReleaseStore) -> None:
    made, ring = RuntimeError("commit failed"), RuntimeError("and again")
    made.__cause__ = sqlite3.OperationalError("database or disk is full")
    told = system_errors.told(made, store.home)
    assert told is not None
    assert told.problem == "the disk is full"
    # Anything else beneath a mistake of ours leaves it one, and a ring of causes has an end.
    made.__cause__, ring.__cause__ = ring, made
    assert system_errors.told(made, store.home) is None
    made.__cause__ = PermissionError(errno.EACCES, "Permission denied")
    assert system_errors.told(made, store.home) is None


@pytest.mark.parametrize(
    ("free", "told"), [(0, "the disk is full"), (10**9, "the disk refused to read or write")]
)
def test_a_fault_of_the_disk_where_there_is_no_room_is_that(
    store: ReleaseStore, monkeypatch: pytest.MonkeyPatch, free: int, told: str
) -> None:
    """SQLite says only that much where it finds no room for what it keeps beside its file."""
    room = SimpleNamespace(free=free)
    monkeypatch.setattr(system_errors.shutil, "disk_usage", lambda _: room)
    problem = system_errors.told(sqlite3.OperationalError("disk I/O error"), store.home)
    assert problem is not None
    assert problem.problem == told


@pytest.mark.parametrize(
    "problem", [ValueError("a bug"), sqlite3.OperationalError("no such table")]
)
def test_what_is_a_mistake_of_ours_keeps_its_traceback(
    store: ReleaseStore, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def fail(_: Any) -> int:
        raise problem

    monkeypatch.setitem(cli.VERBS, "status", fail)
    with pytest.raises(type(problem)):
        cli.main(["status"])


@pytest.mark.parametrize("content", ["", "{", "[]", '{"id": "1.0.0"}'])
def test_a_broken_manifest_is_named(
    store: ReleaseStore, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    manifest = store.path(store.ids()[0]) / "manifest.json"
    manifest.write_text(content)
    assert cli.main(["status"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"outcomes: {manifest}: the manifest can't be read. got ")


def test_a_reader_that_goes_away_is_no_problem(store: ReleaseStore) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "dagster_project.cli", "status"],
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 0


def test_a_home_that_cannot_be_made_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("OUTCOMES_HOME", str(file / "home"))
    (tmp_path / "extracts").mkdir()
    assert cli.main(["refresh", "--inbox", str(tmp_path / "extracts")]) == 1
    said = capsys.readouterr().err
    assert "no home can be made there" in said
    assert "OUTCOMES_HOME=DIR" in said


@pytest.mark.parametrize(
    ("gone", "problem"),
    [
        ("homes/own", "no home can be made there"),
        ("homes", "no home can be made there"),
        ("homes/own/state.sqlite", "no home can be made there"),
        ("checkout/requirements.lock", "a file or folder isn't there"),
    ],
)
def test_before_there_is_a_home_only_its_own_place_is_told_as_one(
    tmp_path: Path, gone: str, problem: str
) -> None:
    error = FileNotFoundError(errno.ENOENT, "No such file", str(tmp_path / gone))
    found = system_errors.told(error, Home(tmp_path / "homes" / "own"))
    assert found is not None
    assert found.problem == problem


@pytest.mark.parametrize("asked", ["scandir", "stat"])
def test_an_inbox_that_cannot_be_read_is_no_fault_of_the_home(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    asked: str,
) -> None:
    extracts = tmp_path / "extracts"
    extracts.mkdir()
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path / "home"))
    answers = getattr(os, asked)

    def refuse(path: Any, *given: Any, **options: Any) -> Any:
        # The right to list the folder, or the one to reach what lies in it.
        if str(path) == (str(extracts) if asked == "scandir" else f"{extracts}/.."):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return answers(path, *given, **options)

    monkeypatch.setattr(os, asked, refuse)
    assert cli.main(["refresh", "--inbox", str(extracts)]) == 2
    said = capsys.readouterr().err
    assert f"{extracts}: this inbox can't be read. got Permission denied" in said
    assert "OUTCOMES_HOME" not in said
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(("place", "names_home"), [("home/cache", True), ("elsewhere", False)])
@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_another_home_is_advised_only_where_the_home_is_the_fault(
    tmp_path: Path, place: str, names_home: bool, number: int
) -> None:
    problem = OSError(number, "refused", str(tmp_path / place))
    told = system_errors.told(problem, Home(tmp_path / "home"))
    assert told is not None
    assert ("OUTCOMES_HOME" in str(told.fix)) == names_home


def test_a_page_of_a_preview_needs_its_folder_before_anything_is_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "nowhere" / "page.html"
    assert cli.main(["preview", "hba1c_controlled", "--html", str(page)]) == 2
    assert "no such folder to write a page into" in capsys.readouterr().err

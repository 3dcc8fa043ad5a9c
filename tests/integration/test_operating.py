"""A home in hard times: the disk full, the clock moved, two at once, made from a copy, old."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagster_project import state
from dagster_project.home import Home
from dagster_project.keeping.backup import back_up
from dagster_project.keeping.restore import restore
from dagster_project.release.manifest import read_manifest, verify
from dagster_project.release.store import ReleaseStore
from tests.support.old_home import make_old
from tests.support.small_inbox import line, run, values, write

pytestmark = [pytest.mark.xdist_group("operating"), pytest.mark.slow]
STOCKPORT, ENGLAND = "E08000007", line("E92000001", "1.0", "0.9", "1.1")
OUTCOMES = [sys.executable, "-m", "dagster_project.cli"]


def extract(inbox: Path, stockport: str) -> Path:
    """The inbox has a file in which Stockport has that value; its limits are about it."""
    lower, upper = (f"{float(stockport) + distance:.2f}" for distance in (-0.2, 0.2))
    write(inbox / "fingertips.csv", ENGLAND, line(STOCKPORT, stockport, lower, upper))
    return inbox


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one release: copy it."""
    folder = tmp_path_factory.mktemp("operating")
    home = Home(folder / "home")
    assert run(home, extract(folder / "inbox", "1.2")).release is not None
    return home


@pytest.fixture
def home(published: Home, tmp_path: Path) -> Home:
    copy = Home(tmp_path / "home")
    shutil.copytree(published.root, copy.root, symlinks=True)
    return copy


def latest(home: Home) -> str:
    return str(ReleaseStore(home).latest_id())


def test_a_home_of_the_first_version_goes_on(home: Home, tmp_path: Path) -> None:
    first = latest(home)
    make_old(home)
    home.warehouse.unlink()
    assert not (home.releases / first / "outcomes.xlsx").exists()
    outcome = run(home, extract(tmp_path / "inbox", "1.15"))
    second = read_manifest(home.releases / str(outcome.release))
    assert (second.id, second.previous) == (latest(home), first)
    assert values(home)[STOCKPORT][2] == 1.15
    assert values(home, first)[STOCKPORT][2] == 1.2
    # Two files of one publisher have landed since, and what the first said is known to be revised.
    assert values(home)[STOCKPORT][4]
    assert [file.path for file in second.files if file.path == "outcomes.xlsx"]
    for identifier in ReleaseStore(home).ids():
        verify(home.releases / identifier)


def test_a_home_made_from_a_copy_goes_on(home: Home, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    copied = back_up(home, tmp_path / "copies")
    shutil.rmtree(home.root)
    restore(home, Path(copied["backup"]))
    first = latest(home)
    inbox = extract(tmp_path / "inbox", "1.2")
    again = run(home, inbox)
    assert (again.nothing_new, again.release) == (True, first)
    outcome = run(home, extract(inbox, "1.15"))
    assert read_manifest(home.releases / str(outcome.release)).previous == first
    assert values(home)[STOCKPORT][2] == 1.15


def test_a_clock_that_was_moved_back_stops_nothing(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = latest(home)
    monkeypatch.setattr(state, "now", lambda: "2022-01-01T00:00:00Z")
    outcome = run(home, extract(tmp_path / "inbox", "1.15"))
    second = verify(home.releases / str(outcome.release))
    assert (latest(home), second.previous) == (second.id, first)
    assert second.created_at.startswith("2022")
    # The order is that of landing and of versions, not of the clock.
    assert values(home)[STOCKPORT][2] == 1.15
    assert ReleaseStore(home).ids() == [second.id, first]
    assert run(home, tmp_path / "inbox").nothing_new


def started(home: Home, inbox: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*OUTCOMES, "refresh", "--inbox", str(inbox), "--as-of", "2026-11-22"],
        env={**os.environ, "OUTCOMES_HOME": str(home.root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_of_two_refreshes_at_once_one_works_and_one_says_so(home: Home, tmp_path: Path) -> None:
    inbox = extract(tmp_path / "inbox", "1.15")
    both = [started(home, inbox) for _ in range(2)]
    said = [process.communicate(timeout=300)[1] for process in both]
    assert sorted(process.returncode for process in both) == [0, 1], said
    (refused,) = [text for process, text in zip(both, said, strict=True) if process.returncode]
    assert "another refresh is under way" in refused
    assert "Traceback" not in refused
    assert len(ReleaseStore(home).ids()) == 2
    verify(home.releases / latest(home))
    assert values(home)[STOCKPORT][2] == 1.15


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 300 MB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", str(place)]
    if os.getuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount a small disk (tmpfs)")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


# Before it begins, and as it says that it begins with each of these.
STAGES = (
    *("", "Taking in the extracts", "Building the models"),
    # The workbook is written beside the site.
    *("Building the marts", "Publishing", "Writing the site"),
)


def test_a_full_disk_stops_a_refresh_and_breaks_nothing(published: Home, small_disk: Path) -> None:
    home = Home(small_disk / "home")
    shutil.copytree(published.root, home.root, symlinks=True)
    inbox = extract(small_disk / "inbox", "1.15")
    first = latest(home)
    for stage in STAGES:
        code, said = filled_at(stage, home, inbox, small_disk)
        assert code == 1, (stage, said)
        told = ("the disk is full", "the disk refused", "No space left")
        assert any(words in said for words in told), (stage, said)
        # dbt, which can't write its own log then, says so at length; ours is the last word.
        assert said.splitlines()[-1].startswith("outcomes: "), (stage, said)
        assert latest(home) == first
        verify(home.releases / first)
    # With room again, and no hand, it is as if nothing had been.
    process = started(home, inbox)
    said = process.communicate(timeout=300)[1]
    assert process.returncode == 0, said
    assert values(home)[STOCKPORT][2] == 1.15
    verify(home.releases / latest(home))
    assert [path.name for path in home.releases.iterdir() if path.name[0] == "."] == []


def filled_at(stage: str, home: Home, inbox: Path, disk: Path) -> tuple[int, str]:
    """How a refresh ended that found the disk full at that stage, and what it said."""
    ballast = disk / "ballast"
    if not stage:
        fill(ballast, disk)
    process = started(home, inbox)
    said = []
    assert process.stderr is not None
    for text in process.stderr:
        said.append(text)
        if stage and text.startswith(f"{stage} …"):
            fill(ballast, disk)
    process.wait(timeout=300)
    process.stderr.close()
    ballast.unlink()
    return process.returncode, "".join(said)


def fill(ballast: Path, disk: Path) -> None:
    """After this nothing is free on the disk."""
    with ballast.open("wb") as stream:
        while free := os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize:
            try:
                os.posix_fallocate(stream.fileno(), stream.seek(0, os.SEEK_END), free)
            except OSError as problem:
                # The refresh goes on writing, and may have taken what was free.
                if problem.errno != errno.ENOSPC:
                    raise

"""A refresh killed or told to stop at any instant: `latest` is whole, the next needs no hand."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dagster_project.alerts import from_state
from dagster_project.home import Home
from dagster_project.pipeline import runs
from dagster_project.release.manifest import verify
from dagster_project.release.store import ReleaseStore
from tests.support.processes import is_group_running, within
from tests.support.small_inbox import line, write

# Of a small inbox; the sample, which takes longer, is killed a fifth as often.
# `make test-long` sets a hundred.
KILLS = int(os.environ.get("OUTCOMES_KILLS", "20"))
EARLY, LATE = "2026-11-22", "2031-06-01"
OUTCOMES = [sys.executable, "-m", "dagster_project.cli"]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kill")]


def run(home: Home, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*OUTCOMES, "refresh", *arguments],
        env={**os.environ, "OUTCOMES_HOME": str(home.root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def other_day(home: Home) -> str:
    """A day on which other sources are overdue than in the latest release: something new."""
    latest = ReleaseStore(home).latest()
    return EARLY if latest is None or latest.as_of == LATE else LATE


@pytest.mark.parametrize(("what", "kills"), [("inbox", KILLS), ("sample", KILLS // 5)])
def test_killed_at_random_moments(what: str, kills: int, tmp_path: Path) -> None:
    home, inbox = Home(tmp_path / "home"), tmp_path / "inbox"
    write(inbox / "fingertips.csv", line("E92000001", "1.0", "0.9", "1.1"))
    of = ("--sample",) if what == "sample" else ("--inbox", str(inbox))
    began = time.monotonic()
    assert run(home, *of, "--as-of", EARLY).wait(timeout=300) == 0
    whole = time.monotonic() - began
    chance = random.Random(20261122)  # noqa: S311 (moments, not secrets)
    killed = 0
    for number in itertools.count():
        if killed == kills:
            break
        if number % 4 == 3:
            home.warehouse.unlink(missing_ok=True)
        process = run(home, *of, "--as-of", other_day(home))
        began = time.monotonic()
        try:
            process.wait(timeout=chance.uniform(0.2, whole))
            # Later ones are shorter than the first.
            whole = min(whole, time.monotonic() - began)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            killed += 1
        latest = ReleaseStore(home).latest_id()
        assert latest is not None
        verify(home.releases / latest)
    assert number < 4 * kills
    wanted = other_day(home)
    assert run(home, *of, "--as-of", wanted).wait(timeout=300) == 0
    assert verify((home.releases / "latest").resolve()).as_of == wanted
    for folder in (home.releases, home.landing, home.quarantine):
        assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_at_any_stage_it_is_no_failure(number: int, tmp_path: Path) -> None:
    home, inbox = Home(tmp_path / "home"), tmp_path / "inbox"
    write(inbox / "fingertips.csv", line("E92000001", "1.0", "0.9", "1.1"))
    stages = ("Building the models", "Judging the values", "Building the marts", "Writing the site")
    for stage in stages:
        process = subprocess.Popen(
            [*OUTCOMES, "refresh", "--inbox", str(inbox), "--as-of", EARLY],
            env={**os.environ, "OUTCOMES_HOME": str(home.root)},
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert process.stderr is not None
        for said in process.stderr:
            if said.startswith(f"{stage} …"):
                break
        # As a terminal does it: each process of the group is told.
        os.killpg(process.pid, number)
        told = process.stderr.read().splitlines()
        assert process.wait(timeout=60) == 128 + number
        # Nor is any of those that worked beside it still at work.
        assert within(lambda group=process.pid: not is_group_running(group), seconds=5)
        assert [path.name for path in home.releases.iterdir()] == []
        assert told[-1].startswith("outcomes: the refresh was told to stop; no release was there")
        assert not any("mend" in each or "Traceback" in each for each in told)
        assert (runs.last(home) or {})["outcome"] == runs.TOLD_TO_STOP
        assert list(from_state.failed_runs(home)) == []
    assert run(home, "--inbox", str(inbox), "--as-of", EARLY).wait(timeout=300) == 0

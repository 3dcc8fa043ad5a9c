"""Each step of a refresh has its home to itself, whoever asks for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dagster_project import reporting_status
from dagster_project.errors import BusyError
from dagster_project.holding import take_lock
from dagster_project.home import Home
from dagster_project.pipeline import steps
from dagster_project.refresh import Request

STEPS = (
    steps.land_step,
    steps.measure_step,
    steps.judge_step,
    steps.tell_step,
    steps.publish_step,
)
# Takes the lock, says whether it could, and has it until its input ends.
ANOTHER = """
import sys
from filelock import FileLock, Timeout
lock = FileLock(sys.argv[1], timeout=0)
try:
    lock.acquire()
    print("held", flush=True)
except Timeout:
    print("busy", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def request_of(tmp_path: Path) -> Request:
    home = Home(tmp_path / "home")
    home.make()
    return Request(home, (home.inbox,), date(2026, 11, 22))


def another(home: Home) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", ANOTHER, str(home.lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def what_another_gets(home: Home) -> str:
    return another(home).communicate("")[0].strip()


@pytest.fixture
def held_by_another(request_of: Request) -> Iterator[None]:
    process = another(request_of.home)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield
    process.communicate("")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_no_step_begins_while_another_process_has_the_home(
    step: Callable[[Request], Any], request_of: Request, held_by_another: None
) -> None:
    with pytest.raises(BusyError, match="another refresh is under way"):
        step(request_of)


def test_a_step_has_the_home_until_it_ends(request_of: Request) -> None:
    seen = steps.alone(lambda request: what_another_gets(request.home))(request_of)
    assert seen == "busy"
    assert what_another_gets(request_of.home) == "held"


def test_a_refresh_that_has_the_home_has_it_still_after_a_step(request_of: Request) -> None:
    lock = take_lock(request_of.home)
    try:
        steps.alone(lambda request: None)(request_of)
        assert what_another_gets(request_of.home) == "busy"
    finally:
        lock.release(force=True)


# A refresh that has begun and hasn't ended.
REFRESHING = """
import sys
from pathlib import Path
from dagster_project import refresh
from dagster_project.home import Home
from dagster_project.pipeline import runs
home = Home(Path(sys.argv[1]))
with refresh.held(home):
    refresh.settle_kind(home, sample=False)
    if sys.argv[2:]:
        runs.start(home)
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("further", "said"), [(["run"], "A refresh is under way"), ([], "The home is being changed")]
)
def test_status_says_who_changes_the_home_and_since_when(
    request_of: Request, further: list[str], said: str
) -> None:
    home = request_of.home
    with subprocess.Popen(
        [sys.executable, "-c", REFRESHING, str(home.root), *further],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        record = reporting_status.status_record(home)
        with pytest.raises(BusyError, match=f"by process {process.pid}"):
            take_lock(home)
        process.communicate("")
    told = record["under_way"]
    assert (told["process"], bool(told["run"])) == (process.pid, bool(further))
    assert f"{said}: since {told['since']}, by process {process.pid}." in (
        reporting_status.status_lines(record)
    )
    assert reporting_status.status_record(home)["under_way"] is None

"""Told to stop: noted beneath whatever a library makes of it, and no failure."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from dagster_project import cli, state, stopping
from dagster_project.alerts import from_state
from dagster_project.alerts.after_refresh import told
from dagster_project.errors import OutcomesError
from dagster_project.home import Home
from dagster_project.orchestration import prepare_instance, seen_on_a_terminal
from dagster_project.pipeline import dbt_project, runs
from dagster_project.pipeline.steps import failure_is_noted
from dagster_project.refresh import Request
from dagster_project.retrying import GONE_ON_WITH, failures, left_off
from tests.support.alerts_place import Place


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    home = Home(tmp_path / "home")
    monkeypatch.setenv("OUTCOMES_HOME", str(home.root))
    return Place(home)


def tell(number: int) -> None:
    """After this the process has been told; KeyboardInterrupt comes a moment later."""
    os.kill(os.getpid(), number)
    time.sleep(5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_refresh_told_to_stop_ends_in_one_line_with_the_customary_exit_code(
    place: Place,
    number: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(cli.VERBS, "refresh", lambda _: tell(number))
    before = signal.getsignal(signal.SIGTERM)
    assert cli.main(["refresh"]) == 128 + number
    assert capsys.readouterr().err == (
        "outcomes: the refresh was told to stop; no release was there before; the next refresh"
        " goes on.\n"
    )
    assert signal.getsignal(signal.SIGTERM) == before
    assert stopping.number() is None


TOLD = """\
import atexit, os, signal, time
from dagster_project import cli

class Kept:
    def __del__(self):
        os.write(2, b"left in memory")

def tell(_):
    atexit.register(lambda: os.write(2, b"put away\\n"))
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(5)

cli.VERBS["refresh"], kept = tell, Kept()
kept.itself = kept
raise SystemExit(cli.main())
"""


def test_nothing_is_said_after_it_by_what_the_stop_left_in_memory(place: Place) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", TOLD, "refresh"], stderr=subprocess.PIPE, text=True, check=False
    )
    assert ended.returncode == 128 + signal.SIGTERM
    assert ended.stderr.splitlines()[1:] == ["put away"]


def test_ctrl_c_meets_no_process_that_mirrors_what_is_printed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare_instance(place.home)

    def none_is_started(command: list[str], **_: object) -> None:
        raise AssertionError(f"a process more in the terminal's group: {command}")

    with seen_on_a_terminal(place.home) as instance, monkeypatch.context() as patched:
        patched.setattr(subprocess, "Popen", none_is_started)
        with instance.compute_log_manager.capture_logs(["run", "compute_logs", "step"]):
            pass


def broken(place: Place, error: BaseException, *, unattended: bool) -> None:
    """A step of a run that is open, in which this is raised after the process was told to stop."""
    runs.start(place.home)
    request = Request(place.home, (), date(2026, 11, 16), unattended=unattended)

    @failure_is_noted
    def step(asked: Request) -> None:
        try:
            tell(signal.SIGTERM)
        except KeyboardInterrupt:
            raise error from None

    step(request)


@pytest.mark.parametrize(
    "error", [OutcomesError("dbt build stopped"), RuntimeError("query"), KeyboardInterrupt()]
)
def test_whatever_a_library_makes_of_it_is_no_failure(place: Place, error: BaseException) -> None:
    with stopping.heeded(), pytest.raises(KeyboardInterrupt):
        broken(place, error, unattended=True)
    assert (runs.last(place.home) or {})["outcome"] == runs.TOLD_TO_STOP
    assert failures(place.home) is None
    assert list(from_state.failed_runs(place.home)) == []


def test_who_nobody_watches_is_gone_on_with_and_a_person_goes_on_by_hand(place: Place) -> None:
    assert left_off(place.home) is None
    for unattended in (False, True):
        with stopping.heeded(), pytest.raises(KeyboardInterrupt):
            broken(place, KeyError("x"), unattended=unattended)
        assert (left_off(place.home) is not None) is unattended
    with state.connect(place.home.state) as ledger:
        place.run(ledger, "published")
    assert left_off(place.home) is None


def test_who_is_told_to_stop_again_and_again_is_not_gone_on_with(place: Place) -> None:
    went_on = []
    for _ in range(GONE_ON_WITH + 2):
        with stopping.heeded(), pytest.raises(KeyboardInterrupt):
            broken(place, KeyError("x"), unattended=True)
        went_on.append(left_off(place.home) is not None)
    assert went_on == [True] * GONE_ON_WITH + [False] * 2


def test_what_failed_before_it_was_told_to_stop_still_counts(place: Place) -> None:
    runs.start(place.home)
    runs.fail(place.home, KeyError("x"), unattended=True, dagster_run="")
    with stopping.heeded(), pytest.raises(KeyboardInterrupt):
        broken(place, KeyError("y"), unattended=True)
    found = failures(place.home)
    assert found is not None
    assert (found.count, found.run_number) == (1, 2)


def test_dbt_is_not_said_to_be_at_fault() -> None:
    class DagsterExecutionInterruptedError(BaseException):
        """As Dagster names it; dbt hands back what it met."""

    interrupted = SimpleNamespace(exception=DagsterExecutionInterruptedError(), success=False)
    # dbt's own result, as far as it is read.
    assert isinstance(fault(interrupted), KeyboardInterrupt)
    other = SimpleNamespace(exception=ValueError("a comma"), success=False)
    assert "mend the file it names" in str(fault(other))


def fault(result: SimpleNamespace) -> BaseException:
    try:
        return dbt_project._failure("build", result)
    except KeyboardInterrupt as stopped:
        return stopped


def test_nobody_is_told_of_a_refresh_that_was_told_to_stop(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(
        "dagster_project.alerts.after_refresh.tell_of_failure", lambda *_: heard.append("told")
    )
    with stopping.heeded(), pytest.raises(OutcomesError), told(place.home):
        try:
            tell(signal.SIGTERM)
        except KeyboardInterrupt:
            raise OutcomesError("dbt build stopped") from None
    assert heard == []
    with pytest.raises(OutcomesError), told(place.home):
        raise OutcomesError("dbt build stopped")
    assert heard == ["told"]

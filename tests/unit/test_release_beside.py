"""A process beside this one does its work, says why it can't, and ends where the block does."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from dagster_project import system_errors
from dagster_project.contracts.refusals import ContractRefused
from dagster_project.errors import OutcomesError, UsageError
from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.registry import RegistryProblems
from dagster_project.release.beside import beside
from dagster_project.release.manifest import read_manifest
from tests.support import beside_work
from tests.support.processes import is_running, within


def test_its_work_is_done_when_it_was_waited_for(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("said")
    with beside(shutil.copyfile, tmp_path / "one", tmp_path / "two") as work:
        work.wait()
        assert (tmp_path / "two").read_text() == "said"


def test_what_it_raises_is_raised_here(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    with beside(read_manifest, missing) as work, pytest.raises(OutcomesError) as told:
        work.wait()
    with pytest.raises(OutcomesError) as here:
        read_manifest(missing)
    assert told.value.as_dict() == here.value.as_dict()
    # By its number a full disk is known, too.
    with beside(os.rmdir, missing) as work, pytest.raises(FileNotFoundError):
        work.wait()


def test_it_ends_with_the_block_however_that_ends() -> None:
    with pytest.raises(KeyboardInterrupt), beside(time.sleep, 600) as work:
        raise KeyboardInterrupt
    assert work._process.returncode == -signal.SIGKILL


def test_ended_alone_it_has_failed_and_was_not_told_to_stop() -> None:
    with beside(os._exit, 3) as work, pytest.raises(OutcomesError, match="stopped before"):
        work.wait()
    with beside(time.sleep, 600) as work, pytest.raises(OutcomesError, match="stopped before"):
        work._process.terminate()
        work.wait()


def raised(work: Callable[..., None]) -> BaseException:
    """What is raised here of what that raises there."""
    with beside(work) as under_way, pytest.raises(Exception) as told:
        under_way.wait()
    return told.value


def test_errors_made_from_other_things_than_their_text_are_handed_on_whole() -> None:
    for work in (beside_work.registry_problems, beside_work.contract_refused):
        with pytest.raises(OutcomesError) as here:
            work()
        there = raised(work)
        assert type(there) is type(here.value)
        assert isinstance(there, RegistryProblems | ContractRefused)
        assert str(there) == str(here.value)
        assert [str(each) for each in there.problems] == [
            str(each)
            for each in here.value.problems  # type: ignore[attr-defined]
        ]


def test_what_cant_be_handed_on_says_all_its_words() -> None:
    told = raised(beside_work.particular)
    assert isinstance(told, OutcomesError)
    assert told.got == "Particular: here has 2"
    ours = raised(beside_work.holding)
    assert isinstance(ours, OutcomesError)
    assert str(ours) == str(beside_work.Holding())
    assert ours.exit_code == UsageError.exit_code


@pytest.mark.parametrize(
    ("work", "line"),
    [
        (beside_work.mistaken, '{}["nothing of this name"]'),
        (beside_work.particular, 'raise Particular("here", number=2)'),
    ],
)
def test_a_mistake_keeps_where_it_was_made(work: Callable[..., None], line: str) -> None:
    problem = raised(work)
    assert any(line in note for note in problem.__notes__)
    assert line in "".join(traceback.format_exception(problem))


def test_an_error_that_is_made_again_from_its_parts_keeps_its_notes() -> None:
    problem = raised(beside_work.not_json)
    assert isinstance(problem, json.JSONDecodeError)
    assert any("json.loads" in note for note in problem.__notes__)


def test_an_error_without_words_of_its_own_is_told_all_the_same() -> None:
    told = raised(beside_work.wordless)
    assert isinstance(told, OutcomesError)
    assert told.got == "Wordless: its words can't be had: KeyError('words')"


def test_a_full_disk_is_found_beneath_what_a_library_made_of_it() -> None:
    problem = raised(beside_work.full_disk)
    assert isinstance(problem, ValueError)
    assert problem.__cause__ is None
    assert problem.__suppress_context__
    found = system_errors.told(problem, None)
    assert found is not None
    assert (found.problem, found.file) == (system_errors.FULL[0], "releases/outcomes.xlsx")


def test_errors_that_are_raised_from_each_other_come_to_an_end() -> None:
    problem = raised(beside_work.ring)
    assert [str(problem), str(problem.__cause__)] == ["one", "other"]


STARTER = """\
import sys, time
from pathlib import Path
from dagster_project.release.beside import beside
from tests.support.beside_work import never_done

with beside(never_done, Path(sys.argv[1]), None):
    time.sleep(600)
"""


def test_it_ends_where_whoever_started_it_is_killed(tmp_path: Path) -> None:
    starter = subprocess.Popen([sys.executable, "-c", STARTER, str(tmp_path)], cwd=PROJECT_ROOT)
    process = int(within(lambda: (tmp_path / "pid").read_text()))
    starter.kill()
    starter.wait()
    assert within(lambda: not is_running(process))
    written = (tmp_path / "book").stat().st_size
    time.sleep(0.2)
    assert (tmp_path / "book").stat().st_size == written

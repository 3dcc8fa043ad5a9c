"""A process beside this one does its work, says why it can't, and ends where the block does."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from dagster_project.errors import OutcomesError
from dagster_project.release.beside import beside
from dagster_project.release.manifest import read_manifest


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

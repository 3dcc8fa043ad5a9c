"""The process that waits to judge goes at once when it isn't needed."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from dagster_project.errors import OutcomesError
from dagster_project.home import Home
from dagster_project.pipeline.judging_worker import Worker


def test_stopped_while_it_gets_ready_it_is_not_waited_for(tmp_path: Path) -> None:
    worker = Worker(Home(tmp_path))
    worker.stop()
    # Had it been waited for, it would have imported all that it needs and ended by itself.
    assert worker._process.returncode == -signal.SIGKILL


def test_ended_alone_it_has_failed_and_was_not_told_to_stop(tmp_path: Path) -> None:
    """As by a system that runs out of memory, which asks the largest process to go."""
    worker = Worker(Home(tmp_path))
    worker._process.terminate()
    worker._process.wait()
    with pytest.raises(OutcomesError, match="the judging stopped before its end"):
        worker.judge()

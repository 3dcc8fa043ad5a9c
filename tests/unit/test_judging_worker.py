"""The process that waits to judge goes at once when it isn't needed."""

from __future__ import annotations

import signal
from pathlib import Path

from dagster_project.home import Home
from dagster_project.pipeline.judging_worker import Worker


def test_stopped_while_it_gets_ready_it_is_not_waited_for(tmp_path: Path) -> None:
    worker = Worker(Home(tmp_path))
    worker.stop()
    # Had it been waited for, it would have imported all that it needs and ended by itself.
    assert worker._process.returncode == -signal.SIGKILL

"""A refresh of which only the outcome matters: step after step, judged in this process.

The steps are those that Dagster's assets call, in their order. Around them Dagster builds its
definitions and writes some 1,500 events, and a process is started that imports Great Expectations:
for a few rows that is half of the work. The sample, the publishers' files and whatever is asked of
Dagster itself are refreshed as for people.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import pytest

from dagster_project import orchestration, warehouse
from dagster_project.errors import OutcomesError
from dagster_project.home import Home
from dagster_project.refresh import Outcome, Request


@contextmanager
def plainly() -> Iterator[None]:
    """Within this every refresh of this process goes step by step."""
    from dagster_project.pipeline import judging_worker

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orchestration, "run_refresh", _run)
        patch.setattr(judging_worker, "Worker", _JudgesHere)
        yield


def _run(request: Request) -> Outcome:
    from dagster_project.pipeline import judging_worker, runs

    try:
        _take_steps(request)
    except OutcomesError:
        runs.end(request.home, "failed")
        raise
    finally:
        judging_worker.dismiss(request.home)
    return orchestration._outcome(request)


def _take_steps(request: Request) -> None:
    from dagster_project.pipeline import steps

    if not steps.land_step(request).is_new:
        return
    steps.measure_step(request)
    if steps.judge_step(request) is None:
        return
    steps.tell_step(request)
    steps.publish_step(request)


class _JudgesHere:
    """Stands in for the process that waits for the word."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def judge(self) -> dict[str, Any]:
        from dagster_project.pipeline.judging import judge_candidates

        with warehouse.connect(self.home) as connection:
            return asdict(judge_candidates(connection))

    def stop(self) -> None:
        """Nothing waits, so nothing has to go."""

"""Processes for tests to kill, each begun in a moment.

A server that has imported what they need forks them; one that is begun anew imports for longer than
it lives.
"""

from __future__ import annotations

import multiprocessing
import subprocess
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(
    ["duckdb", "tests.support.landing_place", "dagster_project.release.withdraw"]
)


def within(look: Callable[[], Found], seconds: float = 30) -> Found:
    """The first answer that is one: not nothing, and of a file that is there."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if found := look():
                return found
        except FileNotFoundError:
            pass
        time.sleep(0.02)
    raise AssertionError(f"nothing of it within {seconds} s")


def is_running(process: int) -> bool:
    """Whether the process is at work; one that ended and that nobody asked after is not."""
    return process in _at_work("pid")


def is_group_running(group: int) -> bool:
    """Whether any process of the group is at work."""
    return group in _at_work("pgid")


def _at_work(number: str) -> set[int]:
    listed = subprocess.run(
        ["ps", "-eo", f"{number}=,stat="], capture_output=True, text=True, check=True
    ).stdout
    return {
        int(row.split()[0]) for row in listed.splitlines() if not row.split()[1].startswith("Z")
    }

"""The lock of a home: one process at a time changes it, and who asks is told which and since when.

The lock itself is the system's: a kill lets go of it. Who has it stands in a file beside it, which
outlives the lock and says something only while it is held.
"""

from __future__ import annotations

import json
import os
import socket
from typing import TYPE_CHECKING, Any

from dagster_project import state
from dagster_project.errors import BusyError
from dagster_project.home import Home

if TYPE_CHECKING:
    from filelock import FileLock

# Who asks whether it is held tries it, for a moment: nobody is turned away for that.
PATIENCE_SECONDS = 0.2


def take_lock(home: Home) -> FileLock:
    """The lock of this home, held by this process until released; BusyError if another has it.

    A process that has it already takes it again without waiting.
    """
    from filelock import FileLock, Timeout

    home.root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home.lock, timeout=PATIENCE_SECONDS, is_singleton=True)
    try:
        lock.acquire()
    except Timeout as problem:
        raise BusyError(
            "another refresh is under way",
            file=str(home.root),
            got=_said_briefly(_holder(home)),
            fix="wait until it ends, or name another OUTCOMES_HOME",
        ) from problem
    if lock.lock_counter == 1:
        _sign(home)
    return lock


def under_way(home: Home) -> dict[str, Any] | None:
    """Who changes this home now and since when; None where nobody does, or the home is read-only.

    `run` says whether it is a refresh: a value that is withdrawn, say, holds the home as well.
    """
    if not _is_held(home):
        return None
    from dagster_project.pipeline import runs

    run = runs.last(home)
    if run is not None and run["outcome"] is None:
        # Dagster's server takes the lock for each step anew: the run is as old as its first.
        return {**_holder(home), "run": run["run_number"], "since": run["started_at"]}
    return {**_holder(home), "run": None}


def under_way_line(record: dict[str, Any]) -> str:
    """Who changes the home, in words."""
    what = "A refresh is under way" if record["run"] else "The home is being changed"
    return f"{what}: {_said_briefly(record)}."


def _is_held(home: Home) -> bool:
    from filelock import FileLock, Timeout

    # It is asked for a home that isn't there too, and for one that may only be read.
    if not home.lock.exists() or not os.access(home.lock, os.W_OK):
        return False
    lock = FileLock(home.lock, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return True
    lock.release()
    return False


def _sign(home: Home) -> None:
    """After this the file beside the lock says that this process has it, from now on."""
    signed = {"since": state.now(), "process": os.getpid(), "machine": socket.gethostname()}
    half = home.holder.with_suffix(".half")
    half.write_text(json.dumps(signed), encoding="utf-8")
    half.replace(home.holder)


def _holder(home: Home) -> dict[str, Any]:
    try:
        return dict(json.loads(home.holder.read_text(encoding="utf-8")))
    except FileNotFoundError:
        # It has the lock and hasn't signed yet, or is of a version that didn't.
        return {"since": None, "process": None, "machine": None}


def _said_briefly(holder: dict[str, Any]) -> str:
    since = f"since {holder['since']}" if holder["since"] else "since a moment ago"
    if holder["process"] is None:
        return since
    elsewhere = f" on {holder['machine']}" if holder["machine"] != socket.gethostname() else ""
    return f"{since}, by process {holder['process']}{elsewhere}"

"""A home for one preview: a copy of the warehouse, and nothing of it left afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dagster_project.errors import UsageError
from dagster_project.holding import take_lock
from dagster_project.home import Home
from dagster_project.pipeline import judging_worker

PREFIX = "preview-"


@contextmanager
def scratch_home(home: Home) -> Iterator[Home]:
    """A home of its own inside the cache of this one, removed at the end, however it ends."""
    if not home.warehouse.exists():
        raise UsageError(
            "there is nothing to preview with yet",
            file=str(home.root),
            expected="a home that a refresh has made",
            fix="run `outcomes refresh --sample`, or set OUTCOMES_HOME",
        )
    home.cache.mkdir(parents=True, exist_ok=True)
    _clear(home)
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=home.cache) as folder:
        scratch = Home(Path(folder))
        scratch.cache.mkdir()
        _copy(home, scratch)
        try:
            yield scratch
        finally:
            judging_worker.dismiss(scratch)


def _copy(home: Home, scratch: Home) -> None:
    """After this the scratch home has the warehouse as the last refresh left it."""
    lock = take_lock(home)
    try:
        shutil.copyfile(home.warehouse, scratch.warehouse)
        written = home.warehouse.with_name(home.warehouse.name + ".wal")
        if written.exists():
            shutil.copyfile(written, scratch.warehouse.with_name(written.name))
    finally:
        lock.release()


def _clear(home: Home) -> None:
    # A killed preview leaves its copy, which may hold what has been taken back since.
    for left in home.cache.glob(f"{PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)

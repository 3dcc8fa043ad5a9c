"""A home for one preview: a copy of the warehouse, and nothing of it left afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dagster_project import warehouse
from dagster_project.errors import OutcomesError, UsageError
from dagster_project.holding import take_lock
from dagster_project.home import HOW_TO_BEGIN, Home
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
            fix=HOW_TO_BEGIN,
        )
    home.cache.mkdir(parents=True, exist_ok=True)
    _clear(home)
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=home.cache) as folder:
        scratch = Home(Path(folder))
        scratch.cache.mkdir()
        _copy(home, scratch)
        _refuse_unbuilt(home, scratch)
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


def _refuse_unbuilt(home: Home, scratch: Home) -> None:
    """OutcomesError for a warehouse that can't be read, or that no refresh has built since it was.

    What connects to write would make a new one, and every model would then fail.
    """
    import duckdb

    try:
        with warehouse.connect(scratch, read_only=True) as connection:
            is_built = connection.execute(
                "select 1 from duckdb_tables() where schema_name = 'run'"
                " and table_name = 'released_before'"
            ).fetchall()
    except duckdb.Error as problem:
        raise OutcomesError(
            "the warehouse can't be read",
            file=str(home.warehouse),
            got=" ".join(str(problem).replace(str(scratch.warehouse), "it").split())[:200],
            fix="run `outcomes refresh`, which makes it anew",
        ) from problem
    if not is_built:
        raise OutcomesError(
            "the warehouse holds what has landed, and nothing is built of it yet",
            file=str(home.warehouse),
            fix="run `outcomes refresh`, which builds it where something is new to be published",
        )


def _clear(home: Home) -> None:
    # A killed preview leaves its copy, which may hold what has been taken back since.
    for left in home.cache.glob(f"{PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)

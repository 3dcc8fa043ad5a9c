"""The warehouse: a DuckDB file that can always be rebuilt from `landing/`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dagster_project.home import Home
from dagster_project.release.files import spill_folder

if TYPE_CHECKING:
    import duckdb

# 2 GB costs nothing at ten million rows and leaves room for the rest of the process.
SETTINGS = {
    "memory_limit": "2GB",
    "threads": "2",
    "preserve_insertion_order": "true",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    # What a statement reads twice is read twice: kept at hand, ten million rows spill to disk.
    "disabled_optimizers": "common_subplan",
}


def settings(home: Home) -> dict[str, Any]:
    """What every connection to the warehouse is opened with; dbt's profile says the same."""
    return {**SETTINGS, "temp_directory": str(home.cache / "duckdb")}


@contextmanager
def connect(home: Home, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the warehouse, closed at the end; a damaged file is made anew.

    The file is a cache: a process killed while it wrote may leave one that DuckDB won't open.
    """
    import duckdb

    try:
        connection = duckdb.connect(str(home.warehouse), read_only=read_only, config=settings(home))
    except (duckdb.IOException, duckdb.SerializationException, duckdb.InternalException) as problem:
        if read_only or "lock" in str(problem).lower():
            raise
        discard(home)
        connection = duckdb.connect(str(home.warehouse), config=settings(home))
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def in_memory(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that spills into a folder of its own in the home's room.

    One that is told of none spills into the directory that somebody happens to be in.
    """
    import duckdb

    room = home.room()
    with (
        spill_folder(room / "duckdb" if room else None) as spill,
        duckdb.connect(config={**SETTINGS, "temp_directory": str(spill)}) as connection,
    ):
        yield connection


def discard(home: Home) -> None:
    """After this there is no warehouse; the next refresh rebuilds it from what has landed."""
    home.warehouse.unlink(missing_ok=True)
    home.warehouse.with_name(home.warehouse.name + ".wal").unlink(missing_ok=True)
    shutil.rmtree(home.cache / "duckdb", ignore_errors=True)

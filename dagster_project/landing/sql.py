"""Names, paths and texts written into SQL so that they mean themselves and nothing else."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


def quoted(text: str) -> str:
    """`text` as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted_name(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quoted_path(path: Path) -> str:
    """`path` for DuckDB's readers, which would take *, ? and [ in it for a pattern of names."""
    return quoted(re.sub(r"([*?[])", r"[\1]", str(path)))


@contextmanager
def in_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database that holds nothing, to look into Parquet files from.

    Some damaged ones leave the database that reads them unusable for good: this one is thrown away
    then, and the warehouse never reads any.
    """
    import duckdb

    spill = _SPILLS[-1]
    if spill not in _KEPT:
        settings: dict[str, Any] = {"memory_limit": "1GB", "threads": "2"}
        _KEPT[spill] = duckdb.connect(config={**settings, "temp_directory": str(spill)})
    try:
        yield _KEPT[spill]
    except duckdb.Error:
        _let_go(spill)
        raise


def _let_go(spill: Path) -> None:
    connection = _KEPT.pop(spill, None)
    if connection is not None:
        connection.close()


# Opened once for each place where it spills.
_KEPT: dict[Path, duckdb.DuckDBPyConnection] = {}
# One that is told nothing spills into whatever directory one is in: this is this process's own.
_SPILLS = [Path(tempfile.gettempdir()) / f"outcomes-duckdb-{os.getpid()}"]


@contextmanager
def spilling_into(folder: Path) -> Iterator[None]:
    """Within this what doesn't fit into memory is put there: into the room of a home."""
    _SPILLS.append(folder)
    try:
        yield
    finally:
        _SPILLS.pop()
        _let_go(folder)


def said(problem: Exception, path: Path, name: str) -> str:
    """What DuckDB says of a file, in a line, with the file's own name for where it was read."""
    return str(problem).splitlines()[0].replace(str(path), name)[:200]

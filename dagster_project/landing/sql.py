"""Names, paths and texts written into SQL so that they mean themselves and nothing else."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
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

    connection = _kept_in_memory(_SPILLS[-1])
    try:
        yield connection
    except duckdb.Error:
        _kept_in_memory.cache_clear()
        connection.close()
        raise


@cache
def _kept_in_memory(spill: Path) -> duckdb.DuckDBPyConnection:
    import duckdb

    settings: dict[str, Any] = {"memory_limit": "1GB", "threads": "2", "temp_directory": str(spill)}
    return duckdb.connect(config=settings)


# Where such a database spills; one that is told nothing does so in whatever directory one is in.
_SPILLS = [Path(tempfile.gettempdir()) / "outcomes-duckdb"]


@contextmanager
def spilling_into(folder: Path) -> Iterator[None]:
    """Within this what doesn't fit into memory is put there: into the room of a home."""
    _SPILLS.append(folder)
    try:
        yield
    finally:
        _SPILLS.pop()


def said(problem: Exception, path: Path, name: str) -> str:
    """What DuckDB says of a file, in a line, with the file's own name for where it was read."""
    return str(problem).splitlines()[0].replace(str(path), name)[:200]

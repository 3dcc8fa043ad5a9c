"""Large extracts: their rows stand as Parquet beside the warehouse, where they were first written.

A table in the warehouse's file would cost the same writing once more. Like the warehouse, the parts
can be made again from `landing/`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.home import Home
from dagster_project.landing.sql import in_memory, quoted, quoted_path

if TYPE_CHECKING:
    import duckdb

# Below this a table in the warehouse is as quick, and a thousand small files are slow to open.
LARGE_BYTES = 64 * 2**20
STAGED = "incoming.parquet"
# They are read whole, by columns: no filter that says where a word may stand is asked for.
OPTIONS = "format parquet, write_bloom_filter false"


def stage(
    connection: duckdb.DuckDBPyConnection, rows: str, scratch: Path, *, in_order: bool = False
) -> None:
    """After this the rows of the query stand in a file, and `incoming` shows them, numbered.

    Where they needn't be in order they are written as they are read, a tenth quicker.
    """
    path = scratch / STAGED
    options = f"{OPTIONS}, preserve_order {str(in_order).lower()}"
    connection.execute(f"copy ({rows}) to {quoted(str(path))} ({options})")
    connection.execute(
        "create or replace temp view incoming as select * exclude (file_row_number),"
        f" file_row_number as rowid from read_parquet({quoted_path(path)}, file_row_number = true)"
    )


def drop_rows(connection: duckdb.DuckDBPyConnection, condition: str, scratch: Path) -> int:
    """How many staged rows went: all of those of which the condition is true."""
    count = "select count(*) from incoming"
    before = connection.execute(count).fetchall()[0][0]
    kept = f"select * exclude (rowid) from incoming where not ({condition})"
    rewritten = scratch / f"kept-{STAGED}"
    connection.execute(
        f"copy ({kept}) to {quoted(str(rewritten))} ({OPTIONS}, preserve_order true)"
    )
    rewritten.replace(scratch / STAGED)
    return int(before - connection.execute(count).fetchall()[0][0])


def is_staged(scratch: Path) -> bool:
    """True if the rows that are being read stand in a file."""
    return (scratch / STAGED).exists()


def discard(scratch: Path) -> None:
    """After this no rows stand in a file: those of one extract are never taken for another's."""
    (scratch / STAGED).unlink(missing_ok=True)


def keep(home: Home, table: str, extract_id: int, scratch: Path) -> None:
    """After this the staged rows are the part of that extract."""
    target = path_of(home, table, extract_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    with (scratch / STAGED).open("rb") as stream:
        os.fsync(stream.fileno())
    (scratch / STAGED).replace(target)


def is_whole(path: Path, rows: int) -> bool:
    """True if a part is there and holds so many rows; a power cut may have left it short."""
    import duckdb

    if not path.exists():
        return False
    try:
        with in_memory() as connection:
            found = connection.execute(
                f"select num_rows from parquet_file_metadata({quoted_path(path)})"
            ).fetchall()
    except duckdb.Error:
        return False
    return found == [(rows,)]


def path_of(home: Home, table: str, extract_id: int) -> Path:
    """Where the rows of a large extract stand."""
    return _folder(home) / table / f"{extract_id}.parquet"


def _folder(home: Home) -> Path:
    return home.cache / "raw"


def clear(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """After this there are no parts but those that the warehouse counts as loaded."""
    loaded = connection.execute(
        "select table_name, extract_id from raw.loaded where is_part"
    ).fetchall()
    keeping = {path_of(home, table, extract_id) for table, extract_id in loaded}
    for path in _folder(home).glob("*/*.parquet"):
        if path not in keeping:
            path.unlink()

"""Dagster's event log in one SQLite file, through connections that stay open.

Dagster's own opens one four times for every event, and each that closes has SQLite put its log on
the disk: of a small refresh, which has some 640 events, that was an eighth of the CPU time. Nor is
the disk waited for at each event: what a power cut takes is the last events, never the file.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from dagster._core.storage.event_log import (
    AssetKeyTable,
    ConsolidatedSqliteEventLogStorage,
)
from dagster._core.storage.event_log.sqlite.consolidated_sqlite_event_log import (
    SQLITE_EVENT_LOG_FILENAME,
)
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.event import listen

FILE = f"{SQLITE_EVENT_LOG_FILENAME}.db"


class OpenEventLog(ConsolidatedSqliteEventLogStorage):
    """Same file, tables and waiting; what connects to it is kept until it is disposed of."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        _take_away_half_made(Path(base_dir) / FILE)
        super().__init__(base_dir, inst_data)

    def _init_db(self) -> None:
        """After this the file is there, with all its tables from the first moment.

        Dagster makes them in its place, and takes a file for whole that a kill left with some.
        """
        base = Path(self._base_dir)
        base.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=base) as scratch:
            ConsolidatedSqliteEventLogStorage(scratch).dispose()  # type: ignore[no-untyped-call]
            _put(Path(scratch) / FILE, base / FILE)

    @cached_property
    def _engine(self) -> Engine:
        waiting: dict[str, Any] = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
        engine = create_engine(self._conn_string, connect_args=waiting)
        listen(engine, "connect", _settle_at_checkpoints)
        return engine

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    @cached_property
    def _known(self) -> set[str]:
        """Tables, and columns of the assets' table, that were there when they were asked for."""
        return set()

    def has_table(self, table_name: str) -> bool:
        """Dagster asks for each event, through a connection of its own; what is there stays."""
        if table_name not in self._known and super().has_table(table_name):
            self._known.add(table_name)
        return table_name in self._known

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        column = f"{AssetKeyTable.name}.{column_name}"
        if column not in self._known and super()._has_asset_key_col_on_connection(
            conn, column_name
        ):
            self._known.add(column)
        return column in self._known

    def dispose(self) -> None:
        """After this no connection is open."""
        super().dispose()  # type: ignore[no-untyped-call]  # Dagster's has no types
        self._engine.dispose()


def _put(made: Path, place: Path) -> None:
    """After this the file is there: this one, or one that another process has made meanwhile."""
    try:
        os.link(made, place)
    except FileExistsError:
        return
    except OSError:
        # Not every disk has links; what is put here is whole too.
        if not place.exists():
            made.replace(place)


def _take_away_half_made(file: Path) -> None:
    """After this the file is whole or isn't there: an earlier version made it in its place."""
    if not file.exists():
        return
    with closing(sqlite3.connect(file, timeout=SQLITE_BUSY_TIMEOUT_SECONDS)) as connection:
        is_whole = connection.execute(
            "select 1 from sqlite_master where name = 'alembic_version'"
        ).fetchall()
    if not is_whole:
        for part in file.parent.glob(f"{file.name}*"):
            part.unlink()


def _settle_at_checkpoints(connection: Any, _record: Any) -> None:
    # Safe as the file is written ahead, as Dagster sets it up.
    connection.execute("pragma synchronous = normal")

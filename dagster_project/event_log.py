"""Dagster's event log in one SQLite file, through connections that stay open.

Dagster's own opens one four times for every event, and each that closes has SQLite put its log on
the disk: of a small refresh, which has some 640 events, that was an eighth of the CPU time. Nor is
the disk waited for at each event: what a power cut takes is the last events, never the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.event import listen


class OpenEventLog(ConsolidatedSqliteEventLogStorage):
    """Same file, tables and waiting; what connects to it is kept until it is disposed of."""

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

    def dispose(self) -> None:
        """After this no connection is open."""
        super().dispose()  # type: ignore[no-untyped-call]  # Dagster's has no types
        self._engine.dispose()


def _settle_at_checkpoints(connection: Any, _record: Any) -> None:
    # Safe as the file is written ahead, as Dagster sets it up.
    connection.execute("pragma synchronous = normal")

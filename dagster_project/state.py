"""`state.sqlite`: what must survive. The ledger of landings, refusals, withdrawals, runs.

Everything else in a home can be rebuilt from `landing/` and `releases/`; so can most of this
(`recovery.py`).
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dagster_project.alerts.schema import ALERT_TABLES
from dagster_project.errors import OutcomesError, StateDamaged

SCHEMA_VERSION = 5
# Under which the fingerprint stands of the release that `latest` was pointed back from.
ROLLED_BACK = "rolled_back_from"

SCHEMA = (
    """
create table if not exists meta (key text primary key, value text not null);

-- One row per set of bytes taken in, and period that they speak of. `landing_id` is the order of
-- landing.
create table if not exists landings (
    landing_id integer primary key autoincrement,
    sha256 text not null,
    source_id text not null,
    layout_id text not null,
    relative_path text not null,
    bytes integer not null,
    encoding text,
    period text,
    period_from text,
    vintage text,
    vintage_from text,
    rows_read integer,
    rows_kept integer,
    rows_dropped text not null default '{}',
    synthetic integer not null default 0,
    run_number integer not null,
    landed_at text not null
);
create unique index if not exists landings_once on landings (sha256, coalesce(period, ''));

-- What was refused, and why. `bytes_kept` is 0 where the bytes themselves may not be kept.
create table if not exists refusals (
    refusal_id integer primary key,
    sha256 text not null,
    relative_path text not null,
    problem text not null,
    details text not null,
    bytes_kept integer not null,
    run_number integer not null,
    refused_at text not null,
    unique (sha256, relative_path, problem)
);

-- What each path in an inbox held when last looked at, so that unchanged files aren't read again.
create table if not exists sightings (
    path text primary key,
    size integer not null,
    mtime_ns integer not null,
    inode integer not null,
    sidecar text not null,
    reader text not null,
    outcome text not null
);

-- Taken back after publication: a whole release, or one key in every release.
create table if not exists withdrawals (
    withdrawal_id integer primary key,
    kind text not null check (kind in ('release', 'key')),
    target text not null,
    reason text not null,
    withdrawn_at text not null,
    unique (kind, target)
);

-- Failures of a check that a role lets through for a key, until the end of a day.
create table if not exists waivers (
    check_id text not null,
    key text not null,
    role text not null,
    until text not null,
    reason text not null,
    granted_at text not null,
    primary key (check_id, key)
);

-- Why values that were published may move. `key`, `extracts` and `away_from` are JSON: which
-- values, given by which bytes, moving away from which releases.
create table if not exists revision_reasons (
    reason_number integer primary key autoincrement,
    key text not null,
    extracts text not null,
    away_from text not null,
    role text not null,
    reason text not null,
    given_at text not null
);

-- Landings taken back: they have left `landings`, and don't come in again.
create table if not exists landings_taken_back (
    sha256 text not null,
    period text,
    reason text not null,
    at text not null
);
create unique index if not exists landings_taken_back_once
on landings_taken_back (sha256, coalesce(period, ''));

-- What each live address served last, and how it went when it was last asked. `place` is where its
-- file stands in the live inbox; problems are JSON, part by part.
create table if not exists live_addresses (
    place text primary key,
    source_id text not null,
    request_key text,
    sha256 text,
    etag text,
    last_modified text,
    outcome text not null,
    checked_at text not null,
    changed_at text,
    failed_at text,
    problem text,
    landing_problem text,
    last_problem text,
    ask_after text
);

-- Every set of bytes that a live address has given, and when it first did: that is their vintage.
create table if not exists live_answers (
    place text not null,
    sha256 text not null,
    source_id text not null,
    bytes integer not null,
    first_at text not null,
    primary key (place, sha256)
);

create table if not exists runs (
    run_number integer primary key autoincrement,
    started_at text not null,
    ended_at text,
    outcome text,
    fingerprint text,
    release_id text,
    summary text not null default '{}'
);
"""
    + ALERT_TABLES
)


def now() -> str:
    """The time in UTC to the second, as text."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def connect(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection whose changes are kept when the block ends well, and undone when it doesn't."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        _prepare(connection, path)
        connection.execute("begin immediate")
        try:
            yield connection
        except BaseException:
            if connection.in_transaction:
                connection.execute("rollback")
            raise
        connection.execute("commit")
    except sqlite3.DatabaseError as problem:
        # What SQLite says of a file that it can't make sense of has no class of its own.
        if type(problem) is not sqlite3.DatabaseError:
            raise
        raise StateDamaged(
            "the state of this home can't be read",
            file=str(path),
            got=str(problem),
            expected="the SQLite file that a refresh writes",
            fix="run `outcomes refresh`: it sets the file aside, and rebuilds from the releases and"
            " landings what it can",
        ) from problem
    finally:
        connection.close()


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """After this the tables are those of today; OutcomesError for a state of later code."""
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    version = connection.execute("pragma user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise OutcomesError(
            "this home was used by a later version",
            file=str(path),
            got=f"state of version {version}",
            expected=f"at most {SCHEMA_VERSION}",
            fix="use that version, or name another OUTCOMES_HOME",
        )
    if version < SCHEMA_VERSION:
        _upgrade(connection)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection for questions: the home isn't written to where it can't be, nor made.

    SQLite writes even to read a file in its journal mode, so a copy is asked there. The copy of a
    state that isn't there is empty.
    """
    if path.exists() and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        with connect(path) as connection:
            yield connection
        return
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory(prefix="outcomes-state-") as folder:
        copy = Path(folder) / path.name
        for name in (path.name, f"{path.name}-wal"):
            if path.with_name(name).exists():
                shutil.copyfile(path.with_name(name), copy.with_name(name))
        with connect(copy) as connection:
            yield connection


# Until version 2 bytes landed once, whatever periods they spoke of.
FROM_VERSION_2 = """
alter table landings rename to landings_before;
{schema}
insert into landings select * from landings_before;
drop table landings_before;
"""


def _upgrade(connection: sqlite3.Connection) -> None:
    """After this the tables are those of today, with all that they held; or nothing has changed."""
    connection.execute("begin immediate")
    try:
        # Asked again: another process may have been first.
        version = connection.execute("pragma user_version").fetchone()[0]
        if version < SCHEMA_VERSION:
            script = FROM_VERSION_2.format(schema=SCHEMA) if version in (1, 2) else SCHEMA
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"pragma user_version = {SCHEMA_VERSION}")
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def get_meta(connection: sqlite3.Connection, key: str) -> str | None:
    """The value kept under `key`, or None."""
    row = connection.execute("select value from meta where key = ?", (key,)).fetchone()
    return None if row is None else str(row["value"])


def set_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    """After this `key` holds `value`."""
    connection.execute(
        "insert into meta values (?, ?) on conflict (key) do update set value = excluded.value",
        (key, value),
    )


def to_json(value: Any) -> str:
    """Canonical JSON: sorted keys, no spaces, so that equal values are equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

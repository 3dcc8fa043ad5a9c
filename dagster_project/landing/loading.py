"""From landed bytes to raw tables, and the ledger that says what has landed.

The order makes a kill at any instant harmless: bytes and receipt are on disk before the ledger
names them, and the ledger names them before the warehouse's rows count. What the warehouse lacks,
or holds of something else, is read again from `landing/`.
"""

from __future__ import annotations

import sqlite3
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project import progress, state
from dagster_project.errors import OutcomesError, RefusedError
from dagster_project.home import Home
from dagster_project.landing import ledger, parts, quarantine, readers, reading, receipts, store
from dagster_project.landing.reading import ReadReport
from dagster_project.landing.recognise import recognise
from dagster_project.landing.scratch import scratch_folder
from dagster_project.sources import LAYOUTS_BY_ID, raw_tables
from dagster_project.sources.layout import Extract
from dagster_project.sources.matching import Recognised

if TYPE_CHECKING:
    import duckdb

LOADED = (
    "create table if not exists raw.loaded"
    " (extract_id INTEGER, token VARCHAR, reader VARCHAR, rows_kept BIGINT,"
    " table_name VARCHAR, is_part BOOLEAN)"
)


def make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """After this the raw tables exist, and hold nothing that other code than today's has read."""
    # In one transaction: a table made on its own is a write to disk on its own.
    connection.execute("begin")
    try:
        if _is_of_other_code(connection):
            connection.execute("drop schema if exists landed cascade")
            connection.execute("drop schema raw cascade")
        connection.execute("create schema if not exists raw")
        connection.execute(LOADED)
        reading.make_raw_tables(connection)
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def _is_of_other_code(connection: duckdb.DuckDBPyConnection) -> bool:
    """True for raw tables that today's code doesn't vouch for: they may have other columns."""
    tables = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'raw'"
    ).fetchall()
    if ("loaded",) not in tables:
        return bool(tables)
    mine, others = connection.execute(
        "select count(*) filter (where reader = $1), count(*) filter (where reader <> $1)"
        " from raw.loaded",
        [readers.reader_version()],
    ).fetchall()[0]
    return bool(others) or not mine


def load_new(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    found: Recognised,
    scratch: Path,
    *,
    run_number: int,
    synthetic: bool,
) -> ReadReport:
    """After this the extract's bytes, receipt, ledger row and rows are all kept; or none is."""
    is_large = found.extract.bytes >= parts.LARGE_BYTES
    try:
        with store.reaching_disk(found.extract.path) if is_large else nullcontext():
            report = reading.read(connection, found, scratch)
        facts = {
            **receipts.facts(found, report),
            "synthetic": int(synthetic),
            "run_number": run_number,
        }
        row = {**facts, "landed_at": state.now()}
        name = store.receipt(found.period)
        store.keep(home.landing, found.extract, receipts.receipt(found, row), name, copy=True)
        extract_id = ledger.enter(home, row)
        receipts.tidy(home, found.extract.sha256)
        _keep_rows(connection, home, found, scratch, extract_id, report)
    finally:
        reading.forget(connection, scratch)
    return report


def _token(sha256: str, layout_id: str, period: str | None) -> str:
    """What the rows of an extract depend on, beside the code that reads them."""
    return f"{sha256}|{layout_id}|{period or ''}"


def _keep_rows(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    found: Recognised,
    scratch: Path,
    extract_id: int,
    report: ReadReport,
) -> None:
    """After this the rows that were read, and no others, stand under the extract's number."""
    token = _token(found.extract.sha256, found.layout.layout_id, found.period)
    table, is_part = found.layout.table, parts.is_staged(scratch)
    connection.execute("begin")
    try:
        connection.execute(f"delete from raw.{table} where extract_id = ?", [extract_id])
        connection.execute("delete from raw.loaded where extract_id = ?", [extract_id])
        if is_part:
            parts.keep(home, table, extract_id, scratch)
        else:
            reading.insert_rows(connection, found, extract_id)
        connection.execute(
            "insert into raw.loaded values (?, ?, ?, ?, ?, ?)",
            [extract_id, token, readers.reader_version(), report.rows_kept, table, is_part],
        )
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def restate(
    home: Home, connection: duckdb.DuckDBPyConnection, known: sqlite3.Row, found: Recognised
) -> bool:
    """True if a sidecar now says another period or vintage of bytes that landed before.

    The receipt and the ledger take the new statement, and the rows are read again under it.
    """
    stated = receipts.stated(found)
    if all(known[key] == value for key, value in stated.items()):
        return False
    row = {**dict(known), **stated}
    # The receipt first: after a kill in between, the next run finds the ledger as it was.
    receipts.annotate(home, found, row)
    ledger.update(home, row["landing_id"], stated)
    receipts.tidy(home, row["sha256"])
    _load_again(connection, home, row)
    return True


def take_out(connection: duckdb.DuckDBPyConnection, home: Home, row: sqlite3.Row) -> None:
    """After this that landing is gone, its rows and its receipt with it; the bytes stay."""
    ledger.take_out(home, row["landing_id"])
    _forget(connection, [row["landing_id"]])
    parts.clear(connection, home)
    receipts.tidy(home, row["sha256"])


def load_missing(connection: duckdb.DuckDBPyConnection, home: Home) -> list[RefusedError]:
    """After this the warehouse holds the rows of all that has landed, and of nothing else.

    What today's code refuses, though an earlier one took it in, leaves the ledger and is returned.
    """
    loaded = _loaded(connection, home)
    rows = ledger.rows(home)
    _forget(connection, sorted(loaded.keys() - {row["landing_id"] for row in rows}))
    parts.clear(connection, home)
    refused = []
    for row in rows:
        token = _token(row["sha256"], row["layout_id"], row["period"])
        if loaded.get(row["landing_id"]) == token:
            continue
        progress.current().detail(f"reading {row['relative_path']} again from landing")
        try:
            _load_again(connection, home, dict(row))
        except RefusedError as refusal:
            refused.append(_take_back(connection, home, row, refusal))
    return refused


def _loaded(connection: duckdb.DuckDBPyConnection, home: Home) -> dict[int, str]:
    """The token of each extract whose rows are here; a part that is damaged counts as gone."""
    rows = connection.execute(
        "select extract_id, token, table_name, is_part, rows_kept from raw.loaded"
    ).fetchall()
    return {
        extract_id: token
        for extract_id, token, table, is_part, kept in rows
        if not is_part or parts.is_whole(parts.path_of(home, table, extract_id), kept)
    }


def _forget(connection: duckdb.DuckDBPyConnection, extract_ids: list[int]) -> None:
    """After this no rows are left of landings that never reached the ledger, or left it."""
    for table in (*raw_tables(), "loaded") if extract_ids else ():
        connection.execute(
            f"delete from raw.{table} where extract_id in (select unnest(?))", [extract_ids]
        )


def _load_again(connection: duckdb.DuckDBPyConnection, home: Home, row: dict[str, Any]) -> None:
    extract = _landed(home, row)
    stated = {key: row[key] for key in ("period", "vintage") if row[f"{key}_from"] == "sidecar"}
    with scratch_folder(home) as scratch:
        try:
            found = recognise(extract, stated)
            report = reading.read(connection, found, scratch)
            facts = receipts.facts(found, report)
            if any(row[key] != value for key, value in facts.items()):
                # Today's code reads it otherwise than the code that took it in.
                receipts.annotate(home, found, {**row, **facts})
                ledger.update(home, row["landing_id"], facts)
                receipts.tidy(home, row["sha256"])
            _keep_rows(connection, home, found, scratch, row["landing_id"], report)
        finally:
            reading.forget(connection, scratch)


def _landed(home: Home, row: dict[str, Any]) -> Extract:
    path = store.landed_bytes(home.landing, row["sha256"])
    extract = Extract(path, row["relative_path"], row["bytes"], row["sha256"])
    got = store.sha256_of(path) if path.exists() else None
    if got != row["sha256"]:
        raise OutcomesError(
            "the bytes of a landed extract are not what landed" if got else "landed bytes are gone",
            file=str(path),
            got=f"SHA-256 {got}" if got else "no file",
            expected=f"the bytes of {row['relative_path']}, SHA-256 {row['sha256']}",
            fix="put that file back from a backup of this home, or from the publisher, and refresh",
        )
    return extract


def _take_back(
    connection: duckdb.DuckDBPyConnection, home: Home, row: sqlite3.Row, refusal: RefusedError
) -> RefusedError:
    extract = _landed(home, dict(row))
    told = quarantine.refuse(
        home,
        extract,
        refusal,
        run_number=row["run_number"],
        was_searched=True,
        is_of_people=LAYOUTS_BY_ID[row["layout_id"]].is_of_people,
    )
    take_out(connection, home, row)
    quarantine.drop_what_may_not_be_kept(home)
    return told

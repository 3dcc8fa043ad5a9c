"""From landed bytes to raw tables, and the ledger that says what has landed.

The order makes a kill at any instant harmless: bytes and receipt are on disk before the ledger
names them, and the ledger names them before the warehouse's rows count. What the warehouse lacks
is read again from `landing/`.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project import progress, state
from dagster_project.errors import RefusedError
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.landing import reading, store
from dagster_project.landing.reading import ReadReport
from dagster_project.landing.recognise import recognise
from dagster_project.sources.layout import Extract, Recognised

if TYPE_CHECKING:
    import duckdb


@cache
def reader_version() -> str:
    """A digest of the code that recognises and reads: when it changes, all is read again."""
    digest = hashlib.sha256()
    for folder in ("sources", "landing"):
        for path in sorted((PROJECT_ROOT / "dagster_project" / folder).glob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def ledger_row(home: Home, sha256: str) -> sqlite3.Row | None:
    """The ledger's row for these bytes, or None if they haven't landed."""
    with state.connect(home.state) as ledger:
        row = ledger.execute("select * from landings where sha256 = ?", (sha256,)).fetchone()
    return row if isinstance(row, sqlite3.Row) else None


def make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """After this the raw tables exist, and hold nothing that other code than today's has read."""
    connection.execute("create schema if not exists raw")
    connection.execute(
        "create table if not exists raw.loaded"
        " (extract_id INTEGER, token VARCHAR, reader VARCHAR, rows_kept BIGINT)"
    )
    stale = connection.execute(
        "select count(*) from raw.loaded where reader <> ?", [reader_version()]
    ).fetchall()[0][0]
    if stale:
        connection.execute("drop schema raw cascade")
        make_tables(connection)
        return
    reading.make_raw_tables(connection)


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
    with state.connect(home.state) as ledger:
        extract_id = int(
            ledger.execute("select coalesce(max(landing_id), 0) + 1 from landings").fetchone()[0]
        )
    connection.execute("begin")
    try:
        report = reading.read(connection, found, extract_id, scratch)
        note = _receipt(found, report, synthetic=synthetic)
        store.keep(home.landing, found.extract, note, store.RECEIPT, copy=True)
        _enter(home, extract_id, found, report, run_number=run_number, synthetic=synthetic)
        _mark_loaded(connection, extract_id, _token(found), report.rows_kept)
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")
    return report


def _token(found: Recognised) -> str:
    return f"{found.extract.sha256}|{found.layout.layout_id}|{found.period or ''}"


def _mark_loaded(
    connection: duckdb.DuckDBPyConnection, extract_id: int, token: str, rows: int
) -> None:
    connection.execute(
        "insert into raw.loaded values (?, ?, ?, ?)", [extract_id, token, reader_version(), rows]
    )


def _receipt(found: Recognised, report: ReadReport, *, synthetic: bool) -> dict[str, object]:
    extract = found.extract
    return {
        "sha256": extract.sha256,
        "bytes": extract.bytes,
        "name": extract.name,
        "inbox_path": extract.relative_path,
        "source_id": found.layout.source_id,
        "layout_id": found.layout.layout_id,
        "layout_version": found.layout_version,
        "sheet": found.sheet,
        "encoding": found.encoding,
        "period": found.period,
        "period_from": found.period_from,
        "vintage": found.vintage,
        "vintage_from": found.vintage_from,
        "rows_read": report.rows_read,
        "rows_kept": report.rows_kept,
        "rows_dropped": report.rows_dropped,
        "synthetic": synthetic,
        "landed_at": state.now(),
    }


def _enter(
    home: Home,
    extract_id: int,
    found: Recognised,
    report: ReadReport,
    *,
    run_number: int,
    synthetic: bool,
) -> None:
    row = {
        "landing_id": extract_id,
        "sha256": found.extract.sha256,
        "source_id": found.layout.source_id,
        "layout_id": found.layout.layout_id,
        "relative_path": found.extract.relative_path,
        "bytes": found.extract.bytes,
        "encoding": found.encoding,
        "period": found.period,
        "period_from": found.period_from,
        "vintage": found.vintage,
        "vintage_from": found.vintage_from,
        "rows_read": report.rows_read,
        "rows_kept": report.rows_kept,
        "rows_dropped": state.to_json(report.rows_dropped),
        "synthetic": int(synthetic),
        "run_number": run_number,
        "landed_at": state.now(),
    }
    marks = ", ".join(f":{name}" for name in row)
    with state.connect(home.state) as ledger:
        ledger.execute(f"insert into landings ({', '.join(row)}) values ({marks})", row)


def restate(
    home: Home, connection: duckdb.DuckDBPyConnection, known: sqlite3.Row, found: Recognised
) -> bool:
    """True if a sidecar now says another period or vintage of bytes that landed before.

    The ledger takes the new statement, and the rows are read again under it.
    """
    stated = (found.period, found.period_from, found.vintage, found.vintage_from)
    if stated == tuple(known[k] for k in ("period", "period_from", "vintage", "vintage_from")):
        return False
    with state.connect(home.state) as ledger:
        ledger.execute(
            "update landings set period = ?, period_from = ?, vintage = ?, vintage_from = ?"
            " where sha256 = ?",
            (*stated, found.extract.sha256),
        )
    _forget(connection, int(known["landing_id"]), found.layout.table)
    load_missing(connection, home)
    return True


def _forget(connection: duckdb.DuckDBPyConnection, extract_id: int, table: str) -> None:
    connection.execute("begin")
    connection.execute(f"delete from raw.{table} where extract_id = {extract_id}")
    connection.execute(f"delete from raw.loaded where extract_id = {extract_id}")
    connection.execute("commit")


def load_missing(connection: duckdb.DuckDBPyConnection, home: Home) -> list[RefusedError]:
    """After this the warehouse holds the rows of all that has landed, and of nothing else.

    What today's code refuses, though an earlier one took it in, leaves the ledger and is returned.
    """
    loaded = {row[0] for row in connection.execute("select extract_id from raw.loaded").fetchall()}
    with state.connect(home.state) as ledger:
        rows = ledger.execute("select * from landings order by landing_id").fetchall()
    if loaded - {row["landing_id"] for row in rows}:
        # Rows of a landing that never reached the ledger: a kill between two commits.
        connection.execute("drop schema raw cascade")
        make_tables(connection)
        loaded = set()
    refused = []
    for row in rows:
        if row["landing_id"] in loaded:
            continue
        progress.current().detail(f"reading {row['relative_path']} again from landing")
        try:
            _load_again(connection, home, row)
        except RefusedError as refusal:
            refused.append(refusal)
            with state.connect(home.state) as ledger:
                ledger.execute("delete from landings where landing_id = ?", (row["landing_id"],))
    return refused


def _load_again(connection: duckdb.DuckDBPyConnection, home: Home, row: sqlite3.Row) -> None:
    extract = Extract(
        store.landed_bytes(home.landing, row["sha256"]),
        row["relative_path"],
        row["bytes"],
        row["sha256"],
    )
    stated = {key: row[key] for key in ("period", "vintage") if row[key]}
    scratch = Path(tempfile.mkdtemp(dir=home.cache))
    connection.execute("begin")
    try:
        found = recognise(extract, stated)
        report = reading.read(connection, found, row["landing_id"], scratch)
        _mark_loaded(connection, row["landing_id"], _token(found), report.rows_kept)
    except BaseException:
        connection.execute("rollback")
        raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    connection.execute("commit")


def write_extracts(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """After this `raw.extracts` is the ledger, for dbt to join: one row per landed extract."""
    columns = {
        "extract_id": "INTEGER",
        "sha256": "VARCHAR",
        "source_id": "VARCHAR",
        "layout_id": "VARCHAR",
        "relative_path": "VARCHAR",
        "period": "VARCHAR",
        "vintage": "VARCHAR",
        "rows_kept": "BIGINT",
        "rows_dropped": "VARCHAR",
        "synthetic": "BOOLEAN",
        "run_number": "INTEGER",
    }
    with state.connect(home.state) as ledger:
        rows = ledger.execute(
            "select landing_id, sha256, source_id, layout_id, relative_path, period, vintage,"
            " rows_kept, rows_dropped, synthetic, run_number from landings order by landing_id"
        ).fetchall()
    types = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"create or replace table raw.extracts ({types})")
    if rows:
        marks = ", ".join("?" * len(columns))
        connection.executemany(
            f"insert into raw.extracts values ({marks})", [tuple(row) for row in rows]
        )


def dropped_rows(row: sqlite3.Row) -> dict[str, int]:
    """Rows of a landing that were dropped, by reason."""
    return dict(json.loads(row["rows_dropped"]))

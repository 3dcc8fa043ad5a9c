"""What the marts must know beside the data: this release, what is stale, taken back, past."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project import fingerprint, state, waivers
from dagster_project.calendar import stale_sources
from dagster_project.home import Home
from dagster_project.landing import taken_back
from dagster_project.pipeline.tables import FIGURES, KEY
from dagster_project.release.store import ReleaseStore
from dagster_project.release.withdrawals import withdrawn_keys

if TYPE_CHECKING:
    import duckdb

# What of the last release a held value may need, and what tells that a value moved.
PREVIOUS_COLUMNS = {
    **{name: "VARCHAR" for name in KEY if not name.startswith("period_")},
    "period_type": "VARCHAR",
    "period_start": "DATE",
    "period_end": "DATE",
    "definition_version": "VARCHAR",
    "source_id": "VARCHAR",
    "unit": "VARCHAR",
    "method": "VARCHAR",
    "value": "DOUBLE",
    "lower_95": "DOUBLE",
    "upper_95": "DOUBLE",
    "lower_998": "DOUBLE",
    "upper_998": "DOUBLE",
    "numerator": "DOUBLE",
    "denominator": "DOUBLE",
    "status": "VARCHAR",
    "status_reason": "VARCHAR",
    "held_since": "VARCHAR",
    "flags": "VARCHAR[]",
    "release_first_published": "VARCHAR",
}


def previous_parquet(home: Home) -> Path | None:
    """The values of the latest release that still has its data, or None before the first."""
    store = ReleaseStore(home)
    latest = store.latest()
    if latest is None or latest.is_withdrawn:
        return None
    return store.path(latest.id) / "data" / "indicator_values.parquet"


def write_context(con: duckdb.DuckDBPyConnection, home: Home, as_of: date) -> None:
    """After this the `run` schema says what the marts need to know of this release."""
    con.execute("create schema if not exists run")
    made_from = fingerprint.fingerprint(home, as_of)
    con.execute(
        "create or replace table run.context"
        " (release_id VARCHAR, is_synthetic BOOLEAN, as_of DATE, fingerprint VARCHAR)"
    )
    # Until the data version is known, a first hold is marked by what the release is made from.
    con.execute(
        "insert into run.context values (?, ?, ?, ?)",
        [made_from[:12], is_synthetic(home), as_of, made_from],
    )
    con.execute("create or replace table run.stale_sources (source_id VARCHAR)")
    for source_id in stale_sources(home, as_of):
        con.execute("insert into run.stale_sources values (?)", [source_id])
    _write_withdrawn(con, home)
    waivers.write(con, home, as_of)
    _write_previous(con, home)


def is_synthetic(home: Home) -> bool:
    """True if the home holds made-up sample data."""
    with state.connect(home.state) as ledger:
        return state.get_meta(ledger, "kind") == "sample"


def _write_withdrawn(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    columns = (*KEY, "period_label")
    con.execute(
        "create or replace table run.withdrawn_keys"
        f" ({', '.join(f'{name} VARCHAR' for name in columns)})"
    )
    for key in withdrawn_keys(home.state):
        con.execute(
            f"insert into run.withdrawn_keys values ({', '.join('?' * len(columns))})",
            [key.get(name) for name in columns],
        )


def _write_previous(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    path = previous_parquet(home)
    hidden = _of_files_taken_back(home)
    columns = ", ".join(
        f'cast({_unless(hidden, name)} as {kind}) as "{name}"'
        for name, kind in PREVIOUS_COLUMNS.items()
    )
    con.execute("drop view if exists run.previous_values")
    if path is not None:
        quoted = str(path).replace("'", "''")
        con.execute(
            f"create view run.previous_values as select {columns} from read_parquet('{quoted}')"
        )
        return
    nothing = ", ".join(
        f'cast(null as {kind}) as "{name}"' for name, kind in PREVIOUS_COLUMNS.items()
    )
    con.execute(f"create view run.previous_values as select {nothing} where false")


def _of_files_taken_back(home: Home) -> str:
    """Which values of the latest release may rest on a file that was taken back since, as SQL.

    A release doesn't say which file a value came from, so it is all values of the file's source,
    and all that were worked out from several.
    """
    latest = ReleaseStore(home).latest()
    gone = taken_back.names(home)
    sources = sorted({i.source_id for i in latest.inputs if i.landing in gone} if latest else ())
    if not sources:
        return "false"
    listed = ", ".join("'" + source.replace("'", "''") + "'" for source in sources)
    return f"(source_id in ({listed}) or origin = 'computed')"


def _unless(hidden: str, name: str) -> str:
    """A column of the last release; no figure of it where it may not serve as the last good one."""
    return f'case when not {hidden} then "{name}" end' if name in FIGURES else f'"{name}"'

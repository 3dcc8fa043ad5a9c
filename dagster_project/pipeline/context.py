"""What the marts must know beside the data: this release, what is stale, taken back, waived."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from dagster_project import fingerprint, state, waivers
from dagster_project.calendar import stale_sources
from dagster_project.home import Home
from dagster_project.pipeline.tables import KEY
from dagster_project.release.withdrawals import withdrawn_keys

if TYPE_CHECKING:
    import duckdb


def write_context(con: duckdb.DuckDBPyConnection, home: Home, as_of: date) -> None:
    """After this the `run` schema says what the marts need to know of this release."""
    con.execute("create schema if not exists run")
    made_from = fingerprint.fingerprint(home, as_of)
    con.execute(
        "create or replace table run.context"
        " (release_id VARCHAR, is_synthetic BOOLEAN, as_of DATE, fingerprint VARCHAR, code VARCHAR)"
    )
    # Until the data version is known, a first hold is marked by what the release is made from.
    con.execute(
        "insert into run.context values (?, ?, ?, ?, ?)",
        [made_from[:12], is_synthetic(home), as_of, made_from, fingerprint.code_version()[:12]],
    )
    con.execute("create or replace table run.stale_sources (source_id VARCHAR)")
    for source_id in stale_sources(home, as_of):
        con.execute("insert into run.stale_sources values (?)", [source_id])
    _write_withdrawn(con, home)
    waivers.write(con, home, as_of)


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

"""The schema `landed`, which dbt reads: what has landed, wherever its rows stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dagster_project.home import Home
from dagster_project.landing import ledger, parts
from dagster_project.landing.sql import quoted_path
from dagster_project.sources import raw_tables

if TYPE_CHECKING:
    import duckdb


def show(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """After this dbt finds the rows in `landed`, and the ledger in `raw.extracts` to join them."""
    # In one transaction: a view made on its own is a write to disk on its own.
    connection.execute("begin")
    try:
        _show_extracts(connection, home)
        _show_rows(connection, home)
        connection.execute("create or replace view landed.extracts as select * from raw.extracts")
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def _show_extracts(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """After this `raw.extracts` has the rows of the ledger of landings."""
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
        "landed_at": "VARCHAR",
    }
    rows = ledger.rows(home)
    types = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"create or replace table raw.extracts ({types})")
    if rows:
        marks = ", ".join("?" * len(columns))
        names = ["landing_id", *list(columns)[1:]]
        connection.executemany(
            f"insert into raw.extracts values ({marks})",
            [[row[name] for name in names] for row in rows],
        )


def _show_rows(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """After this each raw table has a view of its rows, in the warehouse and in parts."""
    large = connection.execute(
        "select table_name, extract_id from raw.loaded where is_part order by all"
    ).fetchall()
    connection.execute("create schema if not exists landed")
    for table in raw_tables():
        relations = [f"select * from raw.{table}"]
        relations += [
            f"select cast({extract_id} as integer) as extract_id, *"
            f" from read_parquet({quoted_path(parts.path_of(home, table, extract_id))})"
            for name, extract_id in large
            if name == table
        ]
        view = " union all by name ".join(relations)
        connection.execute(f"create or replace view landed.{table} as {view}")

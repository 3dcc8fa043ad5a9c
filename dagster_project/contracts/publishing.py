"""The contracts' tables of a release: worked out from the values that it publishes, as written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.contracts import rows
from dagster_project.contracts.account import ground
from dagster_project.contracts.judgement import risk_rows
from dagster_project.contracts.refusals import ContractRefused
from dagster_project.contracts.tables import (
    ALL_TABLES,
    DECISIONS,
    INPUTS,
    PAYMENTS,
    RISK,
    SCHEMA,
    STATEMENTS,
    stored,
)
from dagster_project.contracts.terms import contracts
from dagster_project.contracts.values import Release
from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.registry import Registry, load_registry
from dagster_project.release.files import FileEntry
from dagster_project.release.tables import PublishedTable
from dagster_project.release.writing import write_tables

if TYPE_CHECKING:
    import duckdb

ROWS_AT_A_TIME = 100


@dataclass(frozen=True)
class Written:
    """The contracts' tables as a manifest lists them, and their files."""

    tables: tuple[PublishedTable, ...]
    files: tuple[FileEntry, ...]


def write_contracts(
    con: duckdb.DuckDBPyConnection,
    directory: Path,
    release: Release,
    attributions: tuple[str, ...],
) -> Written:
    """After this the release has the tables, from its values as they were written and verified."""
    registry = load_registry(PROJECT_ROOT / "seeds")
    values = directory / "data" / "indicator_values.parquet"
    tables = contract_tables(con, registry, values, release)
    files = write_tables(
        con, tables, directory, synthetic=release.is_synthetic, attribution=attributions
    )
    return Written(tables, tuple(files))


def contract_tables(
    con: duckdb.DuckDBPyConnection, registry: Registry, values: Path, release: Release
) -> tuple[PublishedTable, ...]:
    """The tables, with their rows in `run`: every contract paid, or refused whole."""
    # What is made up never stands beside real values, not even as refused.
    every = [each for each in contracts(registry) if release.is_synthetic or not each.is_made_up]
    based = ground(con, registry, values, release, every)
    made: dict[str, list[dict[str, Any]]] = {table.name: [] for table in ALL_TABLES}
    for contract in every:
        made[DECISIONS] += rows.decision_rows(registry, contract, release)
        try:
            told, risk = based.statement_of(contract), based.risk_of(contract)
        except ContractRefused as refused:
            # Said in the release, and holds up nothing else of it.
            made[PAYMENTS] += rows.refused_rows(contract, release, refused)
            continue
        made[INPUTS] += rows.input_rows(told)
        made[INPUTS] += rows.risk_input_rows(risk, release.identifier)
        made[STATEMENTS] += rows.statement_rows(told)
        made[PAYMENTS] += rows.payment_rows(told)
        made[RISK] += risk_rows(risk, release.identifier)
    return tuple(_put(con, table, made[table.name]) for table in ALL_TABLES)


def _put(
    con: duckdb.DuckDBPyConnection, table: PublishedTable, made: Sequence[Mapping[str, Any]]
) -> PublishedTable:
    """The table with a query that gives those rows."""
    name = f"{SCHEMA}.{table.name}"
    con.execute(f"create or replace table {name} ({stored(table)})")
    _insert(con, name, table.column_names, made)
    return replace(table, query=f"from {name}")


def _insert(
    con: duckdb.DuckDBPyConnection,
    name: str,
    columns: Sequence[str],
    made: Sequence[Mapping[str, Any]],
) -> None:
    marks = f"({', '.join('?' * len(columns))})"
    # Many rows a statement: one by one, a few hundred take a second.
    for start in range(0, len(made), ROWS_AT_A_TIME):
        some = made[start : start + ROWS_AT_A_TIME]
        con.execute(
            f"insert into {name} values {', '.join([marks] * len(some))}",
            [row.get(column) for row in some for column in columns],
        )

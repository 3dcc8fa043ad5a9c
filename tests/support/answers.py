"""What a macro answers to rows that a test made, and whether it always answers the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import duckdb

from tests.support import macros

Rows = Sequence[Sequence[object]]


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    # Opening one costs more than most of what is asked of it.
    return duckdb.connect(config={"threads": "2"})


def of(
    call: str,
    columns: str,
    rows: Rows,
    connection: duckdb.DuckDBPyConnection | None = None,
) -> list[dict[str, Any]]:
    """The rows that `call` makes of the table `given`, in order of all their columns.

    `columns` says what `given` has, as in `create table`.
    """
    connection = connection or _connection()
    connection.execute(f"create or replace table given ({columns})")
    if rows:
        # A column at a time: row by row takes most of a test's time.
        kinds = [column.split()[1] for column in columns.split(",")]
        cells = ", ".join(f"unnest(?::{kind}[])" for kind in kinds)
        by_column = [list(column) for column in zip(*rows, strict=True)]
        connection.execute(f"insert into given select {cells}", by_column)
    return table(connection, macros.render(call))


def table(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries, in order of all their columns."""
    done = connection.execute(f"select * from ({query}) order by all")
    names = [column[0] for column in done.description or []]
    return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


def to_the_last_bit(call: str, given: str) -> set[str]:
    """The different answers to the query `given`, sorted and mixed, by one thread and by two.

    One answer is what a release needs: its bytes are compared.
    """
    query = macros.render(call)
    found = set()
    for order in ("all", "hash(made)"):
        for threads in (1, 2, 2):
            with duckdb.connect() as connection:
                connection.execute(f"set threads = {threads}")
                connection.execute(f"create table given as from ({given}) as made order by {order}")
                found.add(repr(table(connection, query)))
    return found

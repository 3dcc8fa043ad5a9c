"""What hides small counts as a function of DuckDB, for the model `int_hidden_values`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

# What the function is told of each value; the macro `disclosure_columns` has the same order.
COLUMNS = {
    "row_id": "UBIGINT",
    "area_code": "VARCHAR",
    "ancestors": "VARCHAR[]",
    "area_system": "VARCHAR",
    "first_day": "BIGINT",
    "last_day": "BIGINT",
    "sex": "VARCHAR",
    "age": "VARCHAR",
    "segment": "VARCHAR",
    "breakdown_type": "VARCHAR",
    "breakdown": "VARCHAR",
    "numerator": "DOUBLE",
    "denominator": "DOUBLE",
    "complement": "DOUBLE",
    "public_figures": "VARCHAR[]",
    "small_figures": "VARCHAR[]",
    "threshold": "INTEGER",
    "lowest": "INTEGER",
    "is_known": "BOOLEAN",
    "was_hidden": "BOOLEAN",
    "is_exempt": "BOOLEAN",
}


def hide_small_counts(values: Sequence[Mapping[str, Any]]) -> list[int]:
    """The row ids of those values of one indicator that are hidden."""
    from dagster_project.disclosure.cells import cell_from_row
    from dagster_project.disclosure.protect import hide

    return hide([cell_from_row(row) for row in values])


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """After this SQL on the connection can call the function."""
    value = duckdb.struct_type({name: duckdb.sqltype(kind) for name, kind in COLUMNS.items()})
    connection.create_function(
        "hide_small_counts",
        hide_small_counts,
        [duckdb.list_type(value)],
        duckdb.list_type(duckdb.sqltype("UBIGINT")),
    )

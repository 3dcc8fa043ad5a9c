"""The functions of this package under the names that the macros in `dbt/macros` call.

dbt gives them to every connection it opens (`plugins` in `dbt/profiles.yml`). Another connection
doesn't know them, so a model that calls one is a table, never a view.
"""

from __future__ import annotations

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from dagster_project.disclosure import in_duckdb
from dagster_project.methods.slope_draws import TAILS, slope_draws


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """After this SQL on the connection can call the functions."""
    double = duckdb.sqltype("DOUBLE")
    limits = duckdb.struct_type(
        {
            f"{measure}_{side}_{level}": double
            for measure in ("sii", "rii")
            for side in ("lower", "upper")
            for level in TAILS
        }
    )
    figures = duckdb.list_type(double)
    connection.create_function(
        "slope_draws",
        slope_draws,
        [figures, figures, figures, duckdb.sqltype("VARCHAR"), double],
        limits,
    )
    in_duckdb.register(connection)


class Plugin(BasePlugin):
    """What dbt-duckdb asks for."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        register(conn)

"""Two releases side by side, to be asked: the one that stands, and the one known before it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dagster_project.alerts.routing import Directory
from dagster_project.release.files import spill_folder
from dagster_project.release.store import ReleaseStore
from dagster_project.site.levels import BY_TYPE

if TYPE_CHECKING:
    import duckdb

    from dagster_project.release.manifest import Manifest

TABLES = (
    *("areas", "changes", "check_results", "comparability", "comparisons", "findings", "holds"),
    *("indicator_values", "indicators", "trends"),
    *("contract_payments", "contract_statements"),
)


# Contract, period and provider.
Payment = tuple[str, str, str]


@dataclass(frozen=True)
class Pair:
    """The release that stands, and the one that alerts knew before it; None where there is none.

    `between` are those that came in between, which alerts never saw. `final` are the payments that
    were final when alerts last looked.
    """

    store: ReleaseStore
    now: Manifest
    before: Manifest | None
    between: tuple[Manifest, ...] = ()
    final: frozenset[Payment] = frozenset()


@dataclass(frozen=True)
class Asked:
    """A connection to the tables of both releases, with what every query needs to know."""

    con: duckdb.DuckDBPyConnection
    followed: list[str]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        given = {"followed": self.followed, "levels": list(BY_TYPE)}
        given = {name: said for name, said in given.items() if f"${name}" in query}
        return self.con.execute(query, given).fetchall()

    def has(self, table: str, column: str | None = None, of: str = "now") -> bool:
        """Whether the release that stands has it, or the one before: earlier code may not."""
        found = self.con.execute(
            "select 1 from duckdb_columns() where schema_name = ? and table_name = ?"
            " and column_name = coalesce(?, column_name)",
            [of, table, column],
        )
        return bool(found.fetchall())


@contextmanager
def asking(pair: Pair, directory: Directory) -> Iterator[Asked]:
    import duckdb

    from dagster_project.release.sql import parquet

    # A refresh clears that folder, should a kill have left something in it.
    with (
        spill_folder(pair.store.home.cache / "duckdb") as spill,
        duckdb.connect(config={"temp_directory": str(spill)}) as con,
    ):
        for schema, manifest in (("now", pair.now), ("before", pair.before)):
            con.execute(f"create schema {schema}")
            if manifest is None:
                continue
            data = pair.store.path(manifest.id) / "data"
            # A release of earlier code may lack a table that is asked of today's.
            for table in TABLES:
                file = data / f"{table}.parquet"
                if file.exists():
                    con.execute(f"create view {schema}.{table} as from {parquet(file)}")
        yield Asked(con, list(directory.followed_areas))

"""What earlier releases said of values of ours that come of records which aren't public.

A reader may set any release beside this one, so that all that still stand count, not the latest
alone: one that was rolled back has been read too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dagster_project.calendar import source_rows
from dagster_project.home import Home
from dagster_project.pipeline.tables import KEY
from dagster_project.release.sql import parquet
from dagster_project.release.store import ReleaseStore

if TYPE_CHECKING:
    import duckdb

COLUMNS = {
    **{name: "DATE" if name in ("period_start", "period_end") else "VARCHAR" for name in KEY},
    "definition_version": "VARCHAR",
    "numerator": "DOUBLE",
    "denominator": "DOUBLE",
    "status": "VARCHAR",
    "status_reason": "VARCHAR",
}


def write(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """After this `run.released_before` holds those values, release by release."""
    con.execute("create schema if not exists run")
    con.execute("drop table if exists run.released_before")
    columns = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
    con.execute(f"create table run.released_before ({columns})")
    guarded = sorted(row["source_id"] for row in source_rows() if row["is_public"] == "false")
    if not guarded:
        return
    store = ReleaseStore(home)
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    marks = ", ".join("?" * len(guarded))
    for identifier in store.ids():
        values = store.path(identifier) / "data" / "indicator_values.parquet"
        # One that was taken back as a whole has a manifest and no data.
        if values.exists():
            con.execute(
                f"insert into run.released_before select {names} from {parquet(values)}"
                f" where origin = 'computed' and source_id in ({marks})",
                guarded,
            )

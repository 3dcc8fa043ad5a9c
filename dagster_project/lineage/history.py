"""In which releases a value appeared, and how it changed from one to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dagster_project.lineage.question import HIDDEN, hide, records
from dagster_project.pipeline.tables import KEY
from dagster_project.release.sql import parquet, text
from dagster_project.release.store import ReleaseStore

if TYPE_CHECKING:
    import duckdb

TOLD = ("value", "lower_95", "upper_95", "status", "status_reason", "definition_version")


def history_of(
    con: duckdb.DuckDBPyConnection, store: ReleaseStore, value: dict[str, Any]
) -> list[dict[str, Any]]:
    """One record a release in which the value was otherwise than in the one before, oldest first.

    Figures of a value that is hidden or taken back in the latest release are shown of none.
    """
    found = [_in_release(con, store, listed.manifest, value) for listed in store.releases()]
    found.reverse()
    now = next((row for row in reversed(found) if row["is_latest"]), found[-1])
    if now["status"] in HIDDEN:
        found = [hide(row) for row in found]
    told: list[dict[str, Any]] = []
    for row in found:
        if not told or any(row[name] != told[-1][name] for name in TOLD):
            told.append({**row, "releases": 1})
        else:
            told[-1]["releases"] += 1
            told[-1]["last_release"] = row["release"]
            told[-1]["is_latest"] = told[-1]["is_latest"] or row["is_latest"]
    return [row for row in told if row["status"] is not None or row is not told[0]]


def _in_release(
    con: duckdb.DuckDBPyConnection, store: ReleaseStore, manifest: Any, value: dict[str, Any]
) -> dict[str, Any]:
    table = parquet(store.path(manifest.id) / "data" / "indicator_values.parquet")
    key = " and ".join(f"{name} = {text(str(value[name]))}" for name in KEY)
    rows = records(con, f"select {', '.join(TOLD)} from {table} where {key}")
    said = rows[0] if rows else dict.fromkeys(TOLD)
    return {
        "release": manifest.id,
        "last_release": manifest.id,
        "created_at": manifest.created_at,
        "is_latest": manifest.id == store.latest_id(),
        **said,
    }

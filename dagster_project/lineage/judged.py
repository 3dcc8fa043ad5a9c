"""What judged a value, with the figures it went by, and what holds it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.lineage.question import records
from dagster_project.pipeline.tables import KEY
from dagster_project.release.manifest import Manifest
from dagster_project.release.sql import parquet, text

if TYPE_CHECKING:
    import duckdb

# A check judges the values of one indicator, kind of area, period and source together.
GROUP = ("indicator_id", "area_type", "period_type", "period_start", "period_end", "source_id")


def checks_of(
    con: duckdb.DuckDBPyConnection, directory: Path, value: dict[str, Any]
) -> list[dict[str, Any]]:
    """The stored results of the value's group, by the number of the check."""
    table = parquet(directory / "data" / "check_results.parquet")
    there = {row[0] for row in con.execute(f"describe from {table}").fetchall()}
    match = " and ".join(
        f"{name} is not distinct from {_literal(value[name])}" for name in GROUP if name in there
    )
    return records(con, f"from {table} where {match} order by check_id, outcome")


def holds_of(
    con: duckdb.DuckDBPyConnection, directory: Path, value: dict[str, Any]
) -> list[dict[str, Any]]:
    """The checks that hold the value, if any, each with its reason."""
    table = parquet(directory / "data" / "holds.parquet")
    match = " and ".join(f"{name} = {_literal(value[name])}" for name in KEY)
    return records(con, f"from {table} where {match} order by check_id")


def waivers_of(manifest: Manifest, value: dict[str, Any]) -> list[dict[str, Any]]:
    """The waivers that the release used, of those whose key names the value."""
    return [
        dict(waiver)
        for waiver in manifest.waivers
        if value["status"] == "published"
        and all(str(value[name]) == wanted for name, wanted in waiver["key"].items())
    ]


def _literal(cell: Any) -> str:
    return "null" if cell is None else text(str(cell))

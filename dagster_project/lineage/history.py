"""In which releases a value appeared, and how it changed from one to the next."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.lineage.question import hide, records
from dagster_project.lineage.shown import (
    BY_A_LANDING,
    BY_THE_LATEST,
    data_of,
    rests_on,
    sources_taken_back,
)
from dagster_project.pipeline.tables import KEY
from dagster_project.release.manifest import Manifest, read_manifest
from dagster_project.release.sql import parquet, text
from dagster_project.release.store import ReleaseStore

if TYPE_CHECKING:
    import duckdb

TOLD = ("value", "lower_95", "upper_95", "status", "status_reason", "definition_version")
COMPARED = (*TOLD, "withdrawn", "hidden_because")
# What a role said of the move, where it needed a reason.
GIVEN = ("reason", "reason_by")


def history_of(
    con: duckdb.DuckDBPyConnection,
    store: ReleaseStore,
    value: dict[str, Any],
    gone: Collection[tuple[str, str | None]],
    *,
    hidden: bool,
) -> list[dict[str, Any]]:
    """One record a release in which the value was otherwise than in the one before, oldest first.

    A value that is `hidden` today has no figures in any; one that may rest on a landing that is
    `gone` has none in the releases made from it. Of a release that was withdrawn nothing is left.
    """
    latest = store.latest_id()
    told: list[dict[str, Any]] = []
    for manifest in reversed(store.manifests()):
        row = _in_release(con, store, manifest, value, gone)
        row["is_latest"] = manifest.id == latest
        # A reason may tell the figure as well.
        if hidden:
            why = row["hidden_because"] if row["value"] is None else BY_THE_LATEST
            row = hide(row) | dict.fromkeys(GIVEN) | {"hidden_because": why}
        if not told or any(row[name] != told[-1][name] for name in COMPARED):
            told.append({**row, "releases": 1})
        else:
            told[-1]["releases"] += 1
            told[-1]["last_release"] = row["release"]
            told[-1]["is_latest"] = told[-1]["is_latest"] or row["is_latest"]
    return [row for row in told if row["status"] or row["withdrawn"] or row is not told[0]]


def _in_release(
    con: duckdb.DuckDBPyConnection,
    store: ReleaseStore,
    manifest: Manifest,
    value: dict[str, Any],
    gone: Collection[tuple[str, str | None]],
) -> dict[str, Any]:
    record = {
        "release": manifest.id,
        "last_release": manifest.id,
        "created_at": manifest.created_at,
        "withdrawn": manifest.is_withdrawn,
        "hidden_because": None,
        **dict.fromkeys((*TOLD, *GIVEN)),
    }
    if manifest.is_withdrawn:
        return record
    table = parquet(store.path(manifest.id) / "data" / "indicator_values.parquet")
    key = " and ".join(f"{name} = {text(str(value[name]))}" for name in KEY)
    with data_of(store.path(manifest.id)):
        rows = records(con, f"select {', '.join(TOLD)}, source_id, origin from {table} where {key}")
    if not rows:
        return record
    hidden = rests_on(sources_taken_back(manifest, gone), rows[0])
    if hidden:
        said = hide(rows[0])
        why = None if rows[0]["value"] is None else BY_A_LANDING
        return record | {name: said[name] for name in TOLD} | {"hidden_because": why}
    return (
        record | {name: rows[0][name] for name in TOLD} | _reason(con, store.path(manifest.id), key)
    )


def _reason(con: duckdb.DuckDBPyConnection, directory: Path, key: str) -> dict[str, Any]:
    """The reason that was given for the value's move in that release, and by which role."""
    table = parquet(directory / "data" / "changes.parquet")
    with data_of(directory):
        there = {row[0] for row in con.execute(f"describe from {table}").fetchall()}
        # Releases from before a move needed a reason have no column for it.
        if not there.issuperset(GIVEN):
            return {}
        rows = records(
            con,
            f"select {', '.join(GIVEN)} from {table} where {key} and reason is not null limit 1",
        )
    return rows[0] if rows else {}


def last_published(
    con: duckdb.DuckDBPyConnection, store: ReleaseStore, value: dict[str, Any], release: str
) -> Manifest | None:
    """The newest release up to that one that published the value, if it is still there."""
    ids = store.ids()
    key = " and ".join(f"{name} = {text(str(value[name]))}" for name in KEY)
    for identifier in ids[ids.index(release) :]:
        manifest = read_manifest(store.path(identifier))
        if manifest.is_withdrawn:
            continue
        table = parquet(store.path(identifier) / "data" / "indicator_values.parquet")
        with data_of(store.path(identifier)):
            query = f"select 1 from {table} where {key} and status = 'published'"
            if con.execute(query).fetchall():
                return manifest
    return None

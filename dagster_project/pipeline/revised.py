"""What changed since the last release, with causes, reasons and sentences: the table `changes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dagster_project import state
from dagster_project.home import Home
from dagster_project.pipeline.tables import KEY
from dagster_project.release.causes import CARRIED, Side, tell_causes
from dagster_project.release.changes import compute_changes
from dagster_project.release.manifest import Manifest
from dagster_project.release.sentences import sentence
from dagster_project.release.sql import parquet, quoted, text
from dagster_project.release.store import ReleaseStore
from dagster_project.release.versioning import ChangeCounts

if TYPE_CHECKING:
    import duckdb

    from dagster_project.release.tables import PublishedTable

NOTHING = Side("", (), None, None)


def side_of(store: ReleaseStore, manifest: Manifest) -> Side:
    """A release as one side of a comparison."""
    data = store.path(manifest.id) / "data"
    tables = {
        name: parquet(data / f"{name}.parquet") if (data / f"{name}.parquet").exists() else None
        for name in ("provenance", "holds")
    }
    return Side(manifest.id, [each.sha256 for each in manifest.inputs], **tables)


def find_changes(con: duckdb.DuckDBPyConnection, home: Home, mark: str) -> ChangeCounts:
    """After this `release_changes` says what the marts change, and why; `mark` stands for them."""
    store = ReleaseStore(home)
    latest = store.latest()
    if latest is not None and latest.is_withdrawn:
        latest = None
    values = store.path(latest.id) / "data" / "indicator_values.parquet" if latest else None
    counts = compute_changes(con, values, "marts.indicator_values", KEY, CARRIED)
    with state.connect(home.state) as ledger:
        landed = [row["sha256"] for row in ledger.execute("select sha256 from landings").fetchall()]
    after = Side(mark, landed, "marts.provenance", None)
    tell_causes(con, side_of(store, latest) if latest else NOTHING, after, KEY)
    return counts


def changes_query(compared_with: str | None) -> str:
    """The table `changes` of a release that is compared with the one of that id."""
    key = ", ".join(f"changes.{quoted(name)}" for name in KEY)
    figures = ("change", "old_value", "new_value", "old_status", "new_status", "change_pct")
    told = ", ".join(f"changes.{name}" for name in (*figures, "cause", "also"))
    said = sentence("changes", "indicators", "areas", "given.reason")
    return (
        f"select {key}, {told}, given.reason, given.role as reason_by, {said} as sentence,"
        f" {text(compared_with or '')} as previous_release"
        " from release_changes as changes"
        " left join marts.indicators as indicators"
        " on changes.indicator_id = indicators.indicator_id"
        " left join marts.areas as areas on changes.area_code = areas.area_code"
        # Whatever holds a value still, a reason for its move says nothing of what is shown.
        f" left join evidence.evidence_reasons as reasoned on reasoned.row_id = hash({key})"
        " and changes.new_status = 'published'"
        " left join run.revision_reasons as given"
        " on reasoned.reason_number = given.reason_number"
    )


def shape_of(tables: tuple[PublishedTable, ...]) -> set[tuple[str, str]]:
    """Each table with each of its columns: what a reader's program relies on."""
    return {(table.name, column.name) for table in tables for column in table.columns}

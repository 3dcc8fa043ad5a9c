"""Receipts: what stands beside landed bytes, and says what the ledger says of them."""

from __future__ import annotations

import json
from typing import Any

from dagster_project import state
from dagster_project.home import Home
from dagster_project.landing import ledger, store
from dagster_project.landing.reading import ReadReport
from dagster_project.sources.matching import Recognised

# What the ledger counts for itself, and what the receipt has under another name.
UNTOLD = ("landing_id", "relative_path")


def facts(found: Recognised, report: ReadReport) -> dict[str, Any]:
    """What the ledger says of an extract that its bytes, name and sidecar decide."""
    return {
        "sha256": found.extract.sha256,
        "source_id": found.layout.source_id,
        "layout_id": found.layout.layout_id,
        "relative_path": found.extract.relative_path,
        "bytes": found.extract.bytes,
        "encoding": found.encoding,
        **stated(found),
        "rows_read": report.rows_read,
        "rows_kept": report.rows_kept,
        "rows_dropped": state.to_json(report.rows_dropped),
    }


def stated(found: Recognised) -> dict[str, str | None]:
    """Of which period and vintage the extract is, and how that is known."""
    return {
        "period": found.period,
        "period_from": found.period_from,
        "vintage": found.vintage,
        "vintage_from": found.vintage_from,
    }


def receipt(found: Recognised, row: dict[str, Any]) -> dict[str, Any]:
    """What stands beside the bytes: the ledger's row, and how the file was recognised."""
    told = {key: value for key, value in row.items() if key not in UNTOLD}
    return {
        **told,
        "name": found.extract.name,
        "inbox_path": row["relative_path"],
        "layout_version": found.layout_version,
        "layout_verified": found.layout.is_verified,
        "sheets": [sheet.name for sheet in found.sheets],
        "rows_dropped": json.loads(row["rows_dropped"]),
        "synthetic": bool(row["synthetic"]),
    }


def annotate(home: Home, found: Recognised, row: dict[str, Any]) -> None:
    """After this the receipt says what `row` does."""
    name = store.receipt(row["period"])
    store.annotate(home.landing, row["sha256"], receipt(found, row), name)


def tidy(home: Home, sha256: str) -> None:
    """After this the bytes have a receipt for each period that the ledger knows, and no other."""
    wanted = {store.receipt(row["period"]) for row in ledger.of_bytes(home, sha256)}
    for path in (home.landing / sha256).glob("receipt*.json"):
        if path.name not in wanted:
            path.unlink()

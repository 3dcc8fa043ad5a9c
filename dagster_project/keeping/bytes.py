"""Bytes that a home keeps and nothing rests on any more: landed ones, and refused ones.

Only the bytes go. The receipt, mark or reason beside them stays, and says since when they are gone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from dagster_project import state
from dagster_project.home import Home
from dagster_project.keeping.policy import Rule
from dagster_project.landing import ledger, store
from dagster_project.release.manifest import Manifest
from dagster_project.release.sql import parquet
from dagster_project.release.store import ReleaseStore
from dagster_project.warehouse import in_memory

GONE = "bytes_let_go_at"


def landed(home: Home, kept: Sequence[Manifest], rule: Rule, today: date) -> dict[Path, str]:
    """Landed bytes that may go, each with why: no ledger, release or last good value names them.

    `kept` are the releases that stay. A release was made from every file that its manifest lists,
    and a last good value from some file of its source.
    """
    named = {row["sha256"] for row in ledger.rows(home)}
    named |= {record.sha256 for manifest in kept for record in manifest.inputs}
    found = {
        path: _days(path.parent, today)
        for path in sorted(home.landing.glob(f"*/{store.BYTES}"))
        if path.parent.name not in named and _days(path.parent, today) >= rule.days
    }
    if not found:
        return {}
    sources = _sources_of_last_good(home, kept)
    return {
        path: f"left the ledger {days} days ago, and no release that stays was made from it"
        for path, days in found.items()
        if not _may_be_rested_on(_sources_of(path.parent), sources)
    }


def _may_be_rested_on(own: set[str], of_last_good: set[str]) -> bool:
    """Whether a last good value may come from a file of these sources; none is known: any."""
    return bool(own & of_last_good if own else of_last_good)


def refused(home: Home, rule: Rule, today: date) -> dict[Path, str]:
    """Refused bytes that may go, each with how old they are."""
    return {
        path: f"refused {_days(path.with_name(store.REASON), today)} days ago"
        for path in sorted(home.quarantine.glob(f"*/{store.BYTES}"))
        if _days(path.with_name(store.REASON), today) >= rule.days
    }


def let_go(path: Path) -> None:
    """After this the bytes are gone, and every note beside them says so."""
    entry = path.parent
    for note in _notes(entry):
        told = json.loads(note.read_text(encoding="utf-8")) | {GONE: state.now()}
        store.annotate(entry.parent, entry.name, told, note.name)
    path.unlink()


def _notes(entry: Path) -> Iterator[Path]:
    yield from sorted(entry.glob("*.json"))


def _days(path: Path, today: date) -> int:
    """How many days ago an entry or a note was last changed; of one that isn't there, 0.

    Not the bytes: they may share the file of an inbox, and with it a time of long ago.
    """
    if not path.exists():
        return 0
    return (today - datetime.fromtimestamp(path.stat().st_mtime, UTC).date()).days


def _sources_of(entry: Path) -> set[str]:
    """The sources that the notes beside landed bytes name."""
    found: set[Any] = {
        json.loads(note.read_text(encoding="utf-8")).get("source_id") for note in _notes(entry)
    }
    return {str(source) for source in found if source}


def _sources_of_last_good(home: Home, kept: Sequence[Manifest]) -> set[str]:
    """The sources of the held values that are shown in a release that stays."""
    files = [
        ReleaseStore(home).path(manifest.id) / "data" / "indicator_values.parquet"
        for manifest in kept
        if not manifest.is_withdrawn and manifest.counts.get("held")
    ]
    found: set[str] = set()
    with in_memory(home) as con:
        for file in files:
            rows = con.execute(
                f"from {parquet(file)} select distinct source_id"
                " where status = 'held' and value is not null"
            ).fetchall()
            found |= {str(source) for (source,) in rows}
    return found

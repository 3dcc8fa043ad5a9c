"""Taking in what stands in the inboxes: each file landed, known already, or refused by name."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project import progress, state
from dagster_project.errors import OutcomesError, RefusedError
from dagster_project.home import Home
from dagster_project.landing import inbox, loading, periods, searching, store
from dagster_project.landing.inbox import Ignored, InboxFile
from dagster_project.landing.recognise import recognise
from dagster_project.sources.layout import Extract

if TYPE_CHECKING:
    import duckdb

SAMPLE_PREFIX = "SYNTHETIC"


@dataclass
class LandingSummary:
    """What one pass over the inboxes came to, file by file."""

    landed: list[str] = field(default_factory=list)
    known: int = 0
    unchanged: int = 0
    refused: list[OutcomesError] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    rows_read: int = 0
    rows_dropped: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Landing:
    """One pass: the home, the number of the run, and whether what lands is made up."""

    home: Home
    run_number: int
    synthetic: bool


def land(
    connection: duckdb.DuckDBPyConnection, landing: Landing, inboxes: list[Path]
) -> LandingSummary:
    """After this every file of the inboxes is landed, known, ignored or refused, and said so."""
    home = landing.home
    for directory in (home.landing, home.quarantine):
        store.clear_unfinished(directory)
    summary = LandingSummary()
    files, summary.ignored, refused = inbox.walk(inboxes)
    summary.refused.extend(refused)
    sidecars = {file.relative_path: file for file in files if inbox.is_sidecar(file)}
    extracts = [file for file in files if not inbox.is_sidecar(file)]
    summary.refused.extend(_orphans(sidecars, extracts))
    for number, file in enumerate(extracts, start=1):
        progress.current().detail(f"{number} of {len(extracts)}: {file.relative_path}")
        sidecar = sidecars.get(file.relative_path + inbox.SIDECAR_SUFFIX)
        _take_in_file(connection, landing, file, sidecar, summary)
    return summary


def _orphans(sidecars: dict[str, InboxFile], extracts: list[InboxFile]) -> list[RefusedError]:
    names = {file.relative_path + inbox.SIDECAR_SUFFIX for file in extracts}
    return [
        RefusedError(
            "a sidecar with no extract beside it",
            file=name,
            expected=f"a file {name.removesuffix(inbox.SIDECAR_SUFFIX)}",
            fix="put the extract beside it, or take the sidecar away",
        )
        for name in sorted(sidecars)
        if name not in names
    ]


def _take_in_file(
    connection: duckdb.DuckDBPyConnection,
    landing: Landing,
    file: InboxFile,
    sidecar: InboxFile | None,
    summary: LandingSummary,
) -> None:
    if _seen_before(landing, file, sidecar, summary):
        return
    before = len(summary.refused)
    scratch = Path(tempfile.mkdtemp(dir=landing.home.cache))
    try:
        stated = periods.read_sidecar(sidecar.path, sidecar.relative_path) if sidecar else {}
        for item in inbox.extracts_in(file, scratch):
            _take_in(connection, landing, item, stated, scratch, summary)
            if isinstance(item, Extract) and item.path != file.path:
                item.path.unlink(missing_ok=True)
    except RefusedError as refusal:
        summary.refused.append(refusal)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    refusals = [refusal.as_dict() for refusal in summary.refused[before:]]
    _remember(landing, file, sidecar, state.to_json(refusals))


def _seen_before(
    landing: Landing, file: InboxFile, sidecar: InboxFile | None, summary: LandingSummary
) -> bool:
    """True if the file is as it was when it was last dealt with, by the same code."""
    with state.connect(landing.home.state) as ledger:
        row = ledger.execute(
            "select * from sightings where path = ?", (str(file.path),)
        ).fetchone()
    if row is None or not is_unchanged(row, file, sidecar):
        return False
    refusals = json.loads(row["outcome"])
    summary.refused.extend(RefusedError(**refusal) for refusal in refusals)
    summary.unchanged += not refusals
    return True


def sidecar_stamp(sidecar: InboxFile | None) -> str:
    """What tells one state of a sidecar from another; '' where there is none."""
    return "" if sidecar is None else "/".join(map(str, sidecar.stamp))


def is_unchanged(row: sqlite3.Row, file: InboxFile, sidecar: InboxFile | None) -> bool:
    """True if a sighting still holds: same file, same sidecar, read by the same code."""
    return (
        (row["size"], row["mtime_ns"], row["inode"]) == file.stamp
        and row["sidecar"] == sidecar_stamp(sidecar)
        and row["reader"] == loading.reader_version()
    )


def _remember(landing: Landing, file: InboxFile, sidecar: InboxFile | None, outcome: str) -> None:
    with state.connect(landing.home.state) as ledger:
        ledger.execute(
            "insert or replace into sightings values (?, ?, ?, ?, ?, ?, ?)",
            (
                str(file.path),
                *file.stamp,
                sidecar_stamp(sidecar),
                loading.reader_version(),
                outcome,
            ),
        )


def _take_in(
    connection: duckdb.DuckDBPyConnection,
    landing: Landing,
    item: Extract | Ignored | OutcomesError,
    sidecar: dict[str, str],
    scratch: Path,
    summary: LandingSummary,
) -> None:
    if isinstance(item, Ignored):
        summary.ignored.append(item)
        return
    if isinstance(item, OutcomesError):
        summary.refused.append(item)
        return
    try:
        _land_extract(connection, landing, item, sidecar, scratch, summary)
    except RefusedError as refusal:
        summary.refused.append(_refuse(landing, item, refusal))


def _land_extract(
    connection: duckdb.DuckDBPyConnection,
    landing: Landing,
    extract: Extract,
    sidecar: dict[str, str],
    scratch: Path,
    summary: LandingSummary,
) -> None:
    _refuse_sample_in_real_home(landing, extract)
    known = loading.ledger_row(landing.home, extract.sha256)
    if known is not None and not sidecar:
        summary.known += 1
        return
    found = recognise(extract, sidecar)
    if known is not None:
        changed = loading.restate(landing.home, connection, known, found)
        summary.landed.extend([extract.relative_path] if changed else [])
        summary.known += not changed
        return
    report = loading.load_new(
        connection,
        landing.home,
        found,
        scratch,
        run_number=landing.run_number,
        synthetic=landing.synthetic,
    )
    summary.landed.append(extract.relative_path)
    summary.rows_read += report.rows_read
    for reason, count in report.rows_dropped.items():
        summary.rows_dropped[reason] = summary.rows_dropped.get(reason, 0) + count


def _refuse_sample_in_real_home(landing: Landing, extract: Extract) -> None:
    if not landing.synthetic and extract.name.startswith(SAMPLE_PREFIX):
        raise RefusedError(
            "a made-up sample file, in a home of real data",
            file=extract.relative_path,
            expected="extracts from their publishers",
            fix="take it out of the inbox; `outcomes refresh --sample` makes its own",
        )


def _refuse(landing: Landing, extract: Extract, refusal: RefusedError) -> RefusedError:
    if refusal.keep_bytes:
        # No layout vouches for its columns: it may hold anything.
        refusal = searching.nhs_number_refusal(extract) or refusal
    note = {
        **refusal.as_dict(),
        "message": refusal.message,
        "name": extract.name,
        "sha256": extract.sha256,
        "bytes": extract.bytes,
        "bytes_kept": refusal.keep_bytes,
    }
    store.keep(
        landing.home.quarantine, extract, note, store.REASON, copy=refusal.keep_bytes
    )
    with state.connect(landing.home.state) as ledger:
        ledger.execute(
            "insert or ignore into refusals (sha256, relative_path, problem, details, bytes_kept,"
            " run_number, refused_at) values (?, ?, ?, ?, ?, ?, ?)",
            (
                extract.sha256,
                extract.relative_path,
                refusal.problem,
                state.to_json(refusal.as_dict()),
                int(refusal.keep_bytes),
                landing.run_number,
                state.now(),
            ),
        )
    return refusal

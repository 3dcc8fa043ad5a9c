"""A home whose `state.sqlite` is gone or damaged: its state, rebuilt from what stands beside it.

Releases say what kind of data the home holds and what was taken back; receipts in `landing/` say
what has landed, and when; reasons in `quarantine/` say what was refused. `latest` says whether a
release was rolled back. The rest was only in the state, and is told as lost.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from dagster_project import state
from dagster_project.alerts.rebuild import rebuild
from dagster_project.errors import OutcomesError
from dagster_project.home import Home
from dagster_project.landing import taken_back

KIND = "kind"
FROM_RECEIPT = (
    *("sha256", "source_id", "layout_id", "bytes", "encoding", "period", "period_from"),
    *("vintage", "vintage_from", "rows_read", "rows_kept", "landed_at"),
)
LOST = (
    "Not to be had back: waivers, reasons for revisions that were given since the newest release,"
    " what earlier runs came to, which alerts were acknowledged or paused, and when each live"
    " address was asked and first gave what it gave. Grant the waivers again that the latest"
    " manifest lists."
)


def recover(home: Home) -> list[str]:
    """After this the state agrees with what stands in the home; what was done for it, in sentences.

    Called while the home's lock is held.
    """
    told = _set_aside(home)
    if home.state.exists():
        with state.connect(home.state) as ledger:
            if state.get_meta(ledger, KIND) is not None:
                return told
    kind = kind_that_stands(home)
    if kind is None:
        return told
    landings = list(_receipts(home))
    with state.connect(home.state) as ledger:
        state.set_meta(ledger, KIND, kind)
        _enter_landings(ledger, landings)
        _enter_refusals(ledger, home)
        rolled_back = _rolled_back(home)
        if rolled_back is not None:
            state.set_meta(ledger, state.ROLLED_BACK, rolled_back)
    withdrawn = _learn_withdrawals(home)
    _learn_reasons(home)
    rebuild(home)
    return [
        *told,
        "The state of this home was gone; it was rebuilt from its releases and landings:"
        f" {kind} data, {len(landings):,} landed, {withdrawn:,} taken back. {LOST}",
    ]


def kind_that_stands(home: Home) -> str | None:
    """`sample` or `real`, as releases and receipts say; None where there are none."""
    from dagster_project.release.manifest import read_manifest
    from dagster_project.release.store import ReleaseStore

    store = ReleaseStore(home)
    made_up = [read_manifest(store.path(newest)).synthetic for newest in store.ids()[:1]]
    made_up = made_up or [bool(receipt["synthetic"]) for receipt in _receipts(home)][:1]
    return None if not made_up else "sample" if made_up[0] else "real"


def _set_aside(home: Home) -> list[str]:
    """After this a state that can't be read stands under another name, and it is said."""
    if not home.state.exists():
        return []
    problem = _problem(home.state)
    if problem is None:
        return []
    aside = home.state.with_name(f"state.damaged-{state.now().replace(':', '')}.sqlite")
    for ending in ("-wal", "-shm"):
        # What was still to be written to the damaged file would be written to the new one.
        beside = home.state.with_name(home.state.name + ending)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + ending))
    home.state.rename(aside)
    return [f"state.sqlite was damaged ({problem}); it now stands as {aside.name}."]


def _problem(path: Path) -> str | None:
    """What SQLite has to say against the file; None if it is sound."""
    try:
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            found = str(connection.execute("pragma quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError:
        # Locked, or the disk is full: that says nothing against the file.
        raise
    except sqlite3.DatabaseError as problem:
        return str(problem)
    return None if found == "ok" else " ".join(found.split())


def _receipts(home: Home) -> Iterator[dict[str, Any]]:
    """What `landing/` says has landed, in the order of landing."""
    found = [_note(path) for path in home.landing.glob("*/receipt*.json")]
    yield from sorted(found, key=_order)


def _order(receipt: dict[str, Any]) -> tuple[Any, ...]:
    return (_run(receipt), receipt["landed_at"], receipt["inbox_path"], str(receipt["period"]))


def _run(receipt: dict[str, Any]) -> int:
    # Earlier versions didn't note the run: then no order is made up, and what differs is held.
    return int(receipt.get("run_number", 1))


def _note(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except ValueError as problem:
        raise OutcomesError(
            "a note beside kept bytes can't be read, so the state can't be rebuilt from it",
            file=str(path),
            got=str(problem),
            expected="JSON, as a refresh wrote it",
            fix="put it back from a backup of this home, or move its folder out of the home",
        ) from problem


def _enter_landings(ledger: sqlite3.Connection, receipts: list[dict[str, Any]]) -> None:
    """After this the ledger has what landed, and the next run a number above all earlier ones."""
    for receipt in receipts:
        row = {name: receipt[name] for name in FROM_RECEIPT} | {
            "relative_path": receipt["inbox_path"],
            "rows_dropped": state.to_json(receipt["rows_dropped"]),
            "synthetic": int(receipt["synthetic"]),
            "run_number": _run(receipt),
        }
        marks = ", ".join(f":{name}" for name in row)
        ledger.execute(
            f"insert or ignore into landings ({', '.join(row)}) values ({marks})",
            row,
        )
    ledger.execute(
        "insert or ignore into runs (run_number, started_at, ended_at, outcome)"
        " values (?, ?, ?, 'state rebuilt')",
        (max(map(_run, receipts), default=1), state.now(), state.now()),
    )


def _enter_refusals(ledger: sqlite3.Connection, home: Home) -> None:
    """After this the ledger has what was refused: above all, of what no bytes may be kept."""
    parts = ("problem", "file", "place", "got", "expected", "fix")
    for path in sorted(home.quarantine.glob("*/reason.json")):
        note = _note(path)
        details = {name: note[name] for name in parts if name in note}
        ledger.execute(
            "insert or ignore into refusals (sha256, relative_path, problem, details, bytes_kept,"
            " run_number, refused_at) values (?, ?, ?, ?, ?, 0, ?)",
            (
                note["sha256"],
                note.get("file", note["name"]),
                note["problem"],
                state.to_json(details),
                int(note["bytes_kept"]),
                state.now(),
            ),
        )


def _rolled_back(home: Home) -> str | None:
    """The fingerprint of the newest release, if `latest` was pointed back from it."""
    from dagster_project.release.store import ReleaseStore

    store = ReleaseStore(home)
    latest = store.latest_id()
    standing = [manifest for manifest in store.manifests() if not manifest.is_withdrawn]
    if latest is None or not standing or standing[0].id == latest:
        return None
    return standing[0].fingerprint


def _learn_withdrawals(home: Home) -> int:
    """After this what the releases say was taken back is in the state; how much there is."""
    from dagster_project.release.store import ReleaseStore
    from dagster_project.release.withdrawals import in_force, learn

    taken_back.record(home, taken_back.marked(home))
    learn(home, ReleaseStore(home).manifests())
    taken_back.settle(home)
    return len(in_force(home))


def _learn_reasons(home: Home) -> None:
    """After this the reasons for revisions that the newest release lists are in the state."""
    from dagster_project.release.store import ReleaseStore
    from dagster_project.revising import reasons

    reasons.learn(home, ReleaseStore(home).manifests())


def lost_state(home: Home) -> str | None:
    """What is to be said of a home without its state; None where nothing is wrong."""
    if home.state.exists() or kind_that_stands(home) is None:
        return None
    return "state.sqlite is gone. The next refresh rebuilds what it can from releases and landings."

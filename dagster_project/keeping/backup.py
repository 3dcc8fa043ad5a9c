"""Copies of a home: made while a refresh may run, checked byte by byte, and made into a home again.

What must survive is copied: the state, landed and refused bytes, releases, the outbox, a policy of
the home's own, and its `alerts.toml`, in which no secret stands. The warehouse, Dagster's records
and what publishers served last are rebuilt.

The state, the names of the releases and `latest` are taken as of one instant, the state by SQLite
itself. What the state names is on disk before it is named and never changes, so what is copied
after it holds all that it names. A release that is replaced by a redacted copy meanwhile is copied
again; where it is the one that readers see, and it goes, so is all of it.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from dagster_project import state
from dagster_project.alerts.settings import FILE as ALERTS
from dagster_project.errors import OutcomesError, UsageError
from dagster_project.home import Home
from dagster_project.keeping.policy import FILE as POLICY
from dagster_project.landing import store as landing_store
from dagster_project.release.files import (
    relative_files,
    remove_tree,
    sha256_of,
    sync_tree,
    write_json,
)
from dagster_project.release.manifest import MANIFEST, problems, read_manifest
from dagster_project.release.store import ReleaseStore

NOTE = "backup.json"
PARTIAL = ".partial-"
# Says into which folders copies were made, and when last. Without it none is missed.
COPIES = "copies.json"
# How often a release is copied that changes while it is; each time is a withdrawal in between.
TRIES = 5


def back_up(home: Home, folder: Path) -> dict[str, Any]:
    """After this `folder` has a new copy of the home, named for the moment; or nothing new.

    What an earlier copy in the folder has already is a second name of the same bytes.
    """
    _refuse_inside(home, folder)
    earlier = _newest(folder)
    _check_folder(home, folder, earlier)
    moment = state.now()
    target = folder / f"outcomes-{moment.replace(':', '').replace('-', '')}"
    if target.exists():
        raise UsageError(
            "this copy is there already", file=str(target), fix="wait a second, and ask again"
        )
    building = folder / f"{PARTIAL}{target.name}"
    try:
        releases = _copy_all(home, building, earlier)
        note = _note(home, building, moment, releases)
        write_json(building / NOTE, note)
        sync_tree(building)
        building.rename(target)
    except BaseException:
        remove_tree(building)
        raise
    _note_copy(home, folder, moment)
    return {"backup": str(target), **note["holds"]}


def _refuse_inside(home: Home, folder: Path) -> None:
    resolved = folder.resolve()
    if resolved == home.root or home.root in resolved.parents:
        raise UsageError(
            "a copy inside the home is lost with the home",
            file=str(folder),
            expected="a folder elsewhere, best on another disk",
        )


def _check_folder(home: Home, folder: Path, earlier: Path | None) -> None:
    """Refused where the folder isn't there, or lacks the copies that this home has made in it.

    A disk that isn't mounted looks like that. Made all the same, the copy would lie on another
    disk, often the home's own, and the next mount would hide it.
    """
    if not folder.is_dir():
        raise UsageError(
            "there is no such folder to copy into",
            file=str(folder),
            got="something else" if folder.exists() else "nothing",
            expected="a folder that is there, on a disk that is mounted",
            fix=f"mount the disk; where it is, make the folder: mkdir -p {folder}",
        )
    made_at = _copies(home).get(str(folder.resolve()))
    if made_at is not None and earlier is None:
        raise UsageError(
            "the copies that were made in this folder aren't there",
            file=str(folder),
            got="a folder without a copy",
            expected=f"the copy that was made at {made_at}, or a later one",
            fix="mount the disk; if the copies were deleted on purpose, name another folder",
        )


def _copies(home: Home) -> dict[str, str]:
    path = home.cache / COPIES
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _note_copy(home: Home, folder: Path, moment: str) -> None:
    home.cache.mkdir(exist_ok=True)
    part = home.cache / f"{COPIES}.part"
    write_json(part, _copies(home) | {str(folder.resolve()): moment})
    part.replace(home.cache / COPIES)


def _newest(folder: Path) -> Path | None:
    """The newest whole copy in a folder."""
    found = sorted(path.parent for path in folder.glob(f"outcomes-*/{NOTE}"))
    return found[-1] if found else None


def _copy_all(home: Home, building: Path, earlier: Path | None) -> list[str]:
    """After this the copy is there, but for its note; the answer is which releases there were."""
    for _ in range(TRIES):
        remove_tree(building)
        building.mkdir()
        latest, releases = _copy_instant(home, building)
        _copy_bytes(home, building, earlier)
        for identifier in releases:
            _copy_release(home, building, earlier, identifier)
        _copy_the_rest(home, building)
        if _point_latest(ReleaseStore(home), ReleaseStore(Home(building)), latest):
            return releases
    raise _changes_too_fast(home)


def _copy_instant(home: Home, building: Path) -> tuple[str | None, list[str]]:
    """The state is copied; the answer is the latest and all releases as of the same instant."""
    store = ReleaseStore(home)
    for _ in range(TRIES):
        # `latest` before the releases: it names one that is there.
        latest = store.meant_latest()
        releases = store.ids()
        _copy_state(home.state, building / home.state.name)
        if (store.meant_latest(), store.ids()) == (latest, releases):
            return latest, releases
    raise _changes_too_fast(home)


def _point_latest(store: ReleaseStore, copied: ReleaseStore, latest: str | None) -> bool:
    """True once the copy's `latest` is the home's; False if that release was taken back since."""
    if latest is None:
        if store.no_latest.exists():
            copied.no_latest.touch()
        return True
    if latest not in copied.ids() or read_manifest(copied.path(latest)).is_withdrawn:
        return False
    copied.link.symlink_to(latest)
    return True


def _changes_too_fast(home: Home) -> OutcomesError:
    return OutcomesError(
        "the releases change faster than they can be copied",
        file=str(home.releases),
        got=f"another latest release at each of {TRIES} tries",
        expected="one that stands while it is copied",
        fix="copy again when no refresh or withdrawal is under way",
    )


def _copy_state(source: Path, target: Path) -> None:
    """After this the target is the state as of one instant, whoever writes to it."""
    if not source.exists():
        raise UsageError(
            "this home has no state", file=str(source), fix="run `outcomes refresh`: it rebuilds it"
        )
    with (
        closing(sqlite3.connect(source, timeout=30)) as here,
        closing(sqlite3.connect(target)) as there,
    ):
        here.backup(there)
        # The copy is one file: nothing of it stands in a log beside it.
        there.execute("pragma journal_mode = delete")


def _copy_bytes(home: Home, building: Path, earlier: Path | None) -> None:
    """After this all entries of `landing/` and `quarantine/` are in the copy."""
    for folder in (home.landing, home.quarantine):
        (building / folder.name).mkdir()
        for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
            if not entry.name.startswith("."):
                place = f"{folder.name}/{entry.name}"
                _copy_folder(entry, building / place, earlier / place if earlier else None)


def _copy_release(home: Home, building: Path, earlier: Path | None, identifier: str) -> None:
    """After this the copy has that release as it stood at some instant since, if it still does."""
    source = ReleaseStore(home).path(identifier)
    target = building / "releases" / identifier
    before = earlier / "releases" / identifier if earlier else None
    for _ in range(TRIES):
        is_same = before and _same_bytes(before / MANIFEST, source / MANIFEST)
        if not _copy_folder(source, target, before if is_same else None):
            return
        # Another, if it was replaced by a redacted copy at this very moment.
        if not problems(target, read_manifest(target)):
            return
    raise OutcomesError(
        "a release can't be copied as its manifest says",
        file=str(source),
        expected="the files of its manifest, byte for byte",
        fix="run `outcomes verify`; restore that release from an earlier copy, or withdraw it",
    )


def _copy_folder(source: Path, target: Path, before: Path | None) -> bool:
    """True once `target` holds the files of `source`; False, and no target, if that is gone.

    Files that `before` has are linked to it: but for notes, which are small, they never change
    under one name.
    """
    for _ in range(TRIES):
        remove_tree(target)
        try:
            for path, size in relative_files(source).items():
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                old = before / path if before and not path.endswith(".json") else None
                if old is not None and old.is_file() and old.stat().st_size == size:
                    os.link(old, target / path)
                else:
                    shutil.copy2(source / path, target / path)
            if target.exists():
                return True
        except FileNotFoundError:
            # A note was replaced or an entry taken out while it was copied: it is looked at again.
            remove_tree(target)
    return False


def _same_bytes(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()


def _copy_the_rest(home: Home, building: Path) -> None:
    """After this the copy has the outbox and what the home's owner wrote, if any."""
    (building / home.releases.name).mkdir(exist_ok=True)
    _copy_folder(home.outbox, building / home.outbox.name, None)
    for name in (POLICY, ALERTS):
        if (home.root / name).exists():
            shutil.copy2(home.root / name, building / name)


def _note(home: Home, building: Path, moment: str, releases: Sequence[str]) -> dict[str, Any]:
    """What the copy is, and the digests by which it is checked before it is made into a home."""
    with closing(sqlite3.connect(building / home.state.name)) as ledger:
        sound = str(ledger.execute("pragma integrity_check").fetchone()[0])
        shas = {str(row[0]) for row in ledger.execute("select distinct sha256 from landings")}
    missing = sorted(
        sha for sha in shas if not landing_store.landed_bytes(building / "landing", sha).is_file()
    )
    if sound != "ok" or missing:
        raise OutcomesError(
            "the copy isn't whole",
            file=str(home.root),
            got=sound if sound != "ok" else f"no bytes of {missing[0]}",
            expected="a sound state, and the bytes of all that it says has landed",
            fix="run `outcomes refresh`, which says what is amiss; then copy again",
        )
    copied = sorted(path.name for path in (building / "releases").glob("[0-9]*"))
    return {
        "home": str(home.root),
        "made_at": moment,
        "files": {path: sha256_of(building / path) for path in relative_files(building)},
        "holds": {
            "state_version": _version(building / home.state.name),
            "releases": copied,
            "latest": ReleaseStore(Home(building)).latest_id(),
            "landed": len(shas),
            "let_go_meanwhile": sorted(set(releases) - set(copied)),
        },
    }


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as ledger:
        return int(ledger.execute("pragma user_version").fetchone()[0])

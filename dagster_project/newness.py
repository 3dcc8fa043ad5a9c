"""Whether there is anything to publish: asked before anything heavy is imported, and after landing.

What was taken back doesn't come back by itself: not a release that was rolled back, nor one that
was withdrawn, nor what nothing but its code made.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project import state
from dagster_project.fingerprint import code_version, fingerprint
from dagster_project.home import Home

if TYPE_CHECKING:
    from datetime import date

    from dagster_project.release.manifest import Manifest

# Why nothing is published, by the outcome that the run is recorded with.
WHY = {
    "nothing new": "what landed changes nothing",
    "nothing to publish": "no extract has landed that gives a value",
    "rolled back": "nothing is new since the release that was rolled back;"
    " `outcomes rollback` can return to it",
    "withdrawn": "nothing is new since a release that was withdrawn, and what was withdrawn doesn't"
    " come back by itself; other bytes or other code publish again",
    "code withdrawn": "a release was withdrawn in which nothing but the code was new, and this is"
    " that code; change what was wrong in it, and refresh",
}


@dataclass(frozen=True)
class Nothing:
    """Why there is nothing to publish, a key of `WHY`, and which release stands meanwhile."""

    outcome: str
    release: str | None


def nothing_new(home: Home, inboxes: tuple[Path, ...], as_of: date) -> Nothing | None:
    """Why nothing is to be published if nothing has to land first; None if there is work."""
    if not home.state.exists() or not _all_seen(home, inboxes):
        return None
    return nothing_to_publish(home, fingerprint(home, as_of))


def nothing_to_publish(home: Home, made_from: str) -> Nothing | None:
    """Why nothing is to be published of what has landed; None if there is something."""
    from dagster_project.release.store import ReleaseStore

    store = ReleaseStore(home)
    latest = store.latest()
    stands = latest.id if latest else None
    if latest is not None and made_from == latest.fingerprint:
        return Nothing("nothing new", stands)
    with state.connect(home.state) as ledger:
        if state.get_meta(ledger, state.ROLLED_BACK) == made_from:
            return Nothing("rolled back", stands)
    manifests = store.manifests()
    withdrawn = [manifest for manifest in manifests if manifest.is_withdrawn]
    if any(manifest.fingerprint == made_from for manifest in withdrawn):
        return Nothing("withdrawn", stands)
    standing = [manifest for manifest in manifests if not manifest.is_withdrawn]
    if any(_is_of_this_code_alone(manifest, standing) for manifest in withdrawn):
        return Nothing("code withdrawn", stands)
    return None


def _is_of_this_code_alone(withdrawn: Manifest, standing: list[Manifest]) -> bool:
    """True if the release was made by today's code, and had no bytes that none that stands had."""
    if withdrawn.code != code_version() or any(m.code == withdrawn.code for m in standing):
        return False
    known = {each.landing for manifest in standing for each in manifest.inputs}
    return all(each.landing in known for each in withdrawn.inputs)


def _all_seen(home: Home, inboxes: tuple[Path, ...]) -> bool:
    """True if every file of the inboxes was dealt with as it stands now, by today's code."""
    from dagster_project.landing import inbox
    from dagster_project.landing.sightings import is_unchanged

    files, _, refused = inbox.walk(list(inboxes))
    pairs, _ = inbox.with_sidecars(files)
    with state.connect(home.state) as ledger:
        rows = {row["path"]: row for row in ledger.execute("select * from sightings")}
    for file, sidecar in pairs:
        row = rows.get(file.place)
        if row is None or not is_unchanged(row, file, sidecar):
            return False
    return not refused

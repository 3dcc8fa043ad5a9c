"""A home made from a copy of one: checked byte by byte first, there whole or not at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from dagster_project import state
from dagster_project.errors import OutcomesError, UsageError
from dagster_project.home import Home
from dagster_project.keeping.backup import NOTE
from dagster_project.release.files import relative_files, remove_tree, sha256_of, sync_tree
from dagster_project.release.store import rename

SHOWN = 5


def restore(home: Home, backup: Path) -> dict[str, Any]:
    """After this the home is what it was when the copy was made; refused where a home stands."""
    note = check(backup)
    if home.root.exists() and any(home.root.iterdir()):
        raise UsageError(
            "a home stands here, and isn't written over",
            file=str(home.root),
            expected="a path where nothing is",
            fix="move it aside, or name another: OUTCOMES_HOME=DIR outcomes restore BACKUP",
        )
    if note["holds"]["state_version"] > state.SCHEMA_VERSION:
        raise OutcomesError(
            "this copy was made by a later version",
            file=str(backup),
            got=f"state of version {note['holds']['state_version']}",
            expected=f"at most {state.SCHEMA_VERSION}",
            fix="restore it with that version",
        )
    building = home.root.with_name(f".restoring-{home.root.name}")
    remove_tree(building)
    building.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copytree(backup, building, symlinks=True, ignore=shutil.ignore_patterns(NOTE))
        sync_tree(building)
        if home.root.exists():
            home.root.rmdir()
        rename(building, home.root)
    except BaseException:
        remove_tree(building)
        raise
    home.make()
    holds: dict[str, Any] = note["holds"]
    return {"home": str(home.root), "backup": str(backup), "made_at": note["made_at"], **holds}


def check(backup: Path) -> dict[str, Any]:
    """The note of a copy, once each of its files has the digest that it had."""
    path = backup / NOTE
    if not path.is_file():
        raise UsageError(
            "this is no copy of a home",
            file=str(backup),
            expected=f"a folder that `outcomes backup` made, with its {NOTE}",
            fix="name one of the folders outcomes-… in it",
        )
    note: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    here = set(relative_files(backup)) - {NOTE}
    wrong = sorted(
        {name for name, digest in note["files"].items() if _digest(backup / name) != digest}
        | (here - set(note["files"]))
    )
    if wrong:
        more = len(wrong) - SHOWN
        raise OutcomesError(
            "this copy isn't what was copied",
            file=str(backup),
            got=", ".join(wrong[:SHOWN]) + (f" and {more} more" if more > 0 else ""),
            expected=f"the files of {NOTE}, byte for byte",
            fix="restore another copy",
        )
    return note


def _digest(path: Path) -> str | None:
    return sha256_of(path) if path.is_file() else None

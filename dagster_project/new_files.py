"""Files that a person asked for by name: never written over what is there."""

from __future__ import annotations

from pathlib import Path

from dagster_project.errors import UsageError


def refuse_taken(path: Path) -> None:
    """Nothing happens if `path` can be written; UsageError if it is there, or its folder isn't."""
    if path.exists():
        raise UsageError(
            "this file is there already, and might be filled in",
            file=str(path),
            expected="a name that is free",
            fix="name another file with --out",
        )
    if not path.parent.is_dir():
        raise UsageError(
            "there is no such folder", file=str(path.parent), fix="make it, or name another --out"
        )

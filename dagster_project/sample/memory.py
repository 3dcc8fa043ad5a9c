"""What was made before, so that making it again can be skipped. The standard library is enough.

It is kept away from the made-up files: every file that stands with them is taken for an extract.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from dagster_project.fingerprint import LOCK
from dagster_project.home import PROJECT_ROOT


def recipe(seed: int) -> str:
    """A digest of all that decides the made-up files: seed, code, registry, numpy and DuckDB.

    The libraries are those of the lock: asking the installed ones costs more than all the rest.
    """
    digest = hashlib.sha256(str(seed).encode() + (PROJECT_ROOT / LOCK).read_bytes())
    folder = PROJECT_ROOT / "dagster_project" / "sample"
    code = sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".sql", ".csv"))
    for path in [*code, *sorted((PROJECT_ROOT / "seeds").glob("*.csv"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def remembered(directory: Path, note: Path, made_from: str) -> list[Path] | None:
    """The files, if they were made from the same and stand as they were left; else None."""
    if not note.exists():
        return None
    try:
        known = json.loads(note.read_text(encoding="utf-8"))
    except json.JSONDecodeError:
        # Cut short by a kill: the files are made again.
        return None
    paths = [directory / name for name in known["files"]]
    if known["made_from"] != made_from or _stamps(paths) != known["files"]:
        return None
    return paths


def remember(note: Path, made_from: str, paths: list[Path]) -> None:
    """After this the files as they stand count as made from `made_from`."""
    text = json.dumps({"made_from": made_from, "files": _stamps(paths)}, indent=1) + "\n"
    note.write_text(text, encoding="utf-8")


def _stamps(paths: list[Path]) -> dict[str, list[int]]:
    return {
        path.name: [path.stat().st_size, path.stat().st_mtime_ns] if path.exists() else []
        for path in paths
    }

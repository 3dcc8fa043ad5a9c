"""What tells one state of the code that reads files from another."""

from __future__ import annotations

import hashlib
from functools import cache

from dagster_project.home import PROJECT_ROOT
from dagster_project.sources import out_of_scope


@cache
def reader_version() -> str:
    """A digest of what decides how files are read: when it changes, all are read again."""
    digest = hashlib.sha256(out_of_scope.DECLARATIONS.read_bytes())
    for folder in ("sources", "landing"):
        for path in sorted((PROJECT_ROOT / "dagster_project" / folder).glob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]

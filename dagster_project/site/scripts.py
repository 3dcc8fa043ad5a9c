"""Data as classic scripts: the only form that a page opened from a folder may load.

A page at `file://` can neither fetch nor import, so each data file calls `O.put(release, key, …)`
and is loaded by adding a `<script>`. The release's id stands in each, since a folder that was
copied in part would mix two releases.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

# Escaped on top of what JSON escapes: `<` could close a script element. Everything beyond ASCII is
# escaped too, U+2028 among it, which ends a line in scripts.
DANGEROUS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def literal(value: Any) -> str:
    """A value as a script reads it, with nothing in it that could end the script."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    for character, escaped in DANGEROUS.items():
        text = text.replace(character, escaped)
    return text


def start_of(release: str) -> str:
    """How each data file of a release begins."""
    return f"O.put({literal(release)},"


def write_script(path: Path, release: str, key: str, value: Any) -> Path:
    """`path` holds the data under its key."""
    text = f"{start_of(release)}{literal(key)},{literal(value)});\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("ascii"))
    return path

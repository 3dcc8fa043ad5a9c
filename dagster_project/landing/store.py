"""`landing/` and `quarantine/`: bytes kept unchanged under their SHA-256, with a receipt or a reason.

Each entry is a directory that appears whole or not at all. What is there is never rewritten.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from dagster_project.sources.layout import Extract

RECEIPT = "receipt.json"
REASON = "reason.json"
BYTES = "extract"


def keep(directory: Path, extract: Extract, note: dict[str, Any], name: str, *, copy: bool) -> Path:
    """After this `directory/<sha256>/` holds the note and, if `copy`, the bytes; both on disk.

    An entry that is already there stays as it is.
    """
    target = directory / extract.sha256
    if target.exists():
        return target
    building = directory / f".{extract.sha256}.{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    if copy:
        _copy(extract.path, building / BYTES)
    text = json.dumps(note, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    _write(building / name, text.encode())
    _sync(building)
    building.rename(target)
    _sync(directory)
    return target


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as reading, target.open("wb") as writing:
        shutil.copyfileobj(reading, writing, 2**20)
        writing.flush()
        os.fsync(writing.fileno())


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def landed_bytes(landing: Path, sha256: str) -> Path:
    """Where the bytes of a landed extract are."""
    return landing / sha256 / BYTES


def clear_unfinished(directory: Path) -> int:
    """After this no half-made entry of a killed run is left; how many there were."""
    unfinished = [path for path in directory.iterdir() if path.name.startswith(".")]
    for path in unfinished:
        shutil.rmtree(path, ignore_errors=True)
    return len(unfinished)

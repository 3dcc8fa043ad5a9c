"""`landing/` and `quarantine/`: bytes kept unchanged under their SHA-256, and a receipt or reason.

Each entry is a directory that appears whole or not at all. Bytes that are there are never
rewritten; the note beside them is replaced, whole, when what it says has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dagster_project.sources.layout import Extract

REASON = "reason.json"
TAKEN_BACK = "taken-back"
BYTES = "extract"


def receipt(period: str | None) -> str:
    """The name of a receipt: the same bytes have one for each period that they speak of."""
    return _of_period("receipt", period)


def mark(period: str | None) -> str:
    """The name that a receipt has once its landing was taken back."""
    return _of_period(TAKEN_BACK, period)


def _of_period(name: str, period: str | None) -> str:
    return f"{name}-{period.replace('/', '-')}.json" if period else f"{name}.json"


def keep(directory: Path, extract: Extract, note: dict[str, Any], name: str, *, copy: bool) -> Path:
    """After this `directory/<sha256>/` holds the note and, if `copy`, the bytes; both on disk."""
    target = directory / extract.sha256
    if target.exists() and (not copy or (target / BYTES).exists()):
        annotate(directory, extract.sha256, note, name)
        return target
    building = directory / f".{extract.sha256}.{os.getpid()}"
    remove(building)
    building.mkdir(parents=True)
    if copy:
        _share(extract.path, building / BYTES)
    _write(building / name, _text(note))
    _sync(building)
    remove(target)
    building.rename(target)
    _sync(directory)
    return target


def annotate(directory: Path, sha256: str, note: dict[str, Any], name: str) -> None:
    """After this the note of an entry says `note`."""
    content = _text(note)
    target = directory / sha256 / name
    if target.exists() and target.read_bytes() == content:
        return
    building = directory / f".{sha256}.{os.getpid()}"
    remove(building)
    _write(building, content)
    building.replace(target)
    _sync(target.parent)


def _text(note: dict[str, Any]) -> bytes:
    return (json.dumps(note, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _share(source: Path, target: Path) -> None:
    """The bytes under a second name where the disk can do that, else a copy of them."""
    try:
        os.link(source, target)
    except OSError:
        import shutil

        shutil.copyfile(source, target)
    _sync_file(target)


@contextmanager
def reaching_disk(path: Path) -> Iterator[None]:
    """Within this the bytes of a file go to disk beside other work; after this they are there.

    To keep a large file waits for nothing then.
    """
    with ThreadPoolExecutor(max_workers=1) as beside:
        done = beside.submit(_sync_file, path)
        try:
            yield
        finally:
            # The system tells of a disk that failed once: here, and not who asks again.
            done.result()


def _sync_file(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


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


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def remove(path: Path) -> None:
    """After this nothing is left of `path`, be it an entry or a file."""
    if path.is_dir() and not path.is_symlink():
        import shutil

        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def drop(directory: Path, sha256: str) -> None:
    """After this the entry is gone, bytes and note; what a kill leaves of it is cleared later."""
    entry = directory / sha256
    if entry.exists():
        going = directory / f".{sha256}.going"
        remove(going)
        entry.rename(going)
        remove(going)


def clear_unfinished(directory: Path) -> int:
    """After this no half-made entry of a killed run is left; how many there were."""
    unfinished = [path for path in directory.iterdir() if path.name.startswith(".")]
    for path in unfinished:
        remove(path)
    return len(unfinished)

"""Files of a release on disk: what is known of each, and that they survive a power cut."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SYNCED_AT_ONCE = 8


@dataclass(frozen=True)
class FileEntry:
    """One file of a release. `path` is relative to the release; `rows` is None if it has none."""

    path: str
    sha256: str
    bytes: int
    rows: int | None = None


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal(path: Path, release_directory: Path, rows: int | None = None) -> FileEntry:
    """After this the file's bytes are on the disk, and the entry says what they are."""
    _sync(path)
    return FileEntry(
        path=path.relative_to(release_directory).as_posix(),
        sha256=sha256_of(path),
        bytes=path.stat().st_size,
        rows=rows,
    )


def write_json(path: Path, value: Any) -> None:
    """After this the file holds `value` as JSON with sorted keys, and is on the disk."""
    body = json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    path.write_text(body, encoding="utf-8", newline="\n")
    _sync(path)


def sync_directory(directory: Path) -> None:
    """After this the names in a directory are on the disk."""
    _sync(directory)


def sync_tree(directory: Path) -> None:
    """After this everything below a directory is on the disk, the names last."""
    from concurrent.futures import ThreadPoolExecutor

    # Who waits for many files at once waits once for what the disk writes together.
    with ThreadPoolExecutor(SYNCED_AT_ONCE) as pool:
        for folder, _, files in os.walk(directory, topdown=False):
            for _done in pool.map(_sync, (Path(folder) / name for name in files)):
                pass
            sync_directory(Path(folder))


def relative_files(directory: Path) -> dict[str, int]:
    """Every file below a directory with its size, by path relative to it."""
    found = (path for path in sorted(directory.rglob("*")) if path.is_file())
    return {path.relative_to(directory).as_posix(): path.stat().st_size for path in found}


def remove_tree(directory: Path) -> None:
    """After this nothing has that name; a name that nothing had is no error."""
    if directory.exists():
        import shutil

        shutil.rmtree(directory)


@contextmanager
def spill_folder(directory: Path | None) -> Iterator[Path]:
    """A folder in that one, or the system's, for what DuckDB can't hold in memory; gone afterwards.

    A connection that is told of none spills into the directory that somebody happens to be in.
    """
    from tempfile import TemporaryDirectory

    if directory is not None:
        directory.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".spill-", dir=directory) as folder:
        yield Path(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""A large file copied and hashed at once: the system copies a part while another is hashed."""

from __future__ import annotations

import hashlib
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import FileIO

# Smaller files are one part: nothing would go on beside anything.
PART = 64 * 2**20
# What is hashed at a time should still be at hand in the processor.
CHUNK = 2**18


def copied(source: Path, target: Path) -> tuple[int, str] | None:
    """How many bytes `target` holds now, all that `source` had, and their SHA-256; or None.

    The bytes that are hashed are read from `target`: those that are kept. None if anything went
    wrong, and where the system doesn't copy from file to file: who reads and writes the bytes
    learns which of the two fails.
    """
    # Elsewhere `sendfile` may be there and write to sockets alone.
    if sys.platform != "linux" or not hasattr(os, "sendfile"):
        return None
    digest, size = hashlib.sha256(), 0
    try:
        with (
            source.open("rb", buffering=0) as given,
            target.open("wb", buffering=0) as kept,
            target.open("rb", buffering=0) as back,
            # Left first: no part is under way when the files are closed.
            ThreadPoolExecutor(max_workers=1) as beside,
        ):
            part = beside.submit(_send, given, kept)
            while length := part.result():
                part = beside.submit(_send, given, kept)
                size += _hash(digest, back, length)
    except OSError:
        return None
    return size, digest.hexdigest()


def _send(given: FileIO, kept: FileIO) -> int:
    """How many bytes went from one file to the other: a part, or what is left."""
    sent = 0
    while sent < PART and (count := _some(given, kept, PART - sent)):
        sent += count
    return sent


def _some(given: FileIO, kept: FileIO, most: int) -> int:
    return os.sendfile(kept.fileno(), given.fileno(), None, most)


def _hash(digest: hashlib._Hash, back: FileIO, length: int) -> int:
    """How many bytes were hashed: the next so many of the file."""
    buffer = memoryview(bytearray(CHUNK))
    hashed = 0
    while hashed < length and (count := back.readinto(buffer[: length - hashed])):
        digest.update(buffer[:count])
        hashed += count
    return hashed

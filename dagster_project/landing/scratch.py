"""Where files are unpacked and rewritten while they are read: inside the home, gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dagster_project.home import Home


def scratch_root(home: Home) -> Path:
    """The folder that holds scratch folders and nothing else."""
    return home.cache / "landing"


@contextmanager
def scratch_folder(home: Home) -> Iterator[Path]:
    """A folder of its own for one file, removed at the end."""
    root = scratch_root(home)
    root.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear(home: Home) -> None:
    """After this nothing is left of runs that were killed; one refresh at a time holds a home."""
    shutil.rmtree(scratch_root(home), ignore_errors=True)

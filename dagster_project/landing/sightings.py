"""What each place in the inboxes held when last dealt with, so that nothing is read twice.

It is a help, never the truth: without it every file is looked at again, with the same outcome.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from functools import cache

from dagster_project import state
from dagster_project.errors import OutOfScopeError, RefusedError, RegistryRefused
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.landing import readers
from dagster_project.landing.inbox import InboxFile

Sighting = tuple[InboxFile, InboxFile | None, list[RefusedError]]


def load(home: Home) -> dict[str, sqlite3.Row]:
    """Every sighting by its place."""
    with state.connect(home.state) as ledger:
        rows = ledger.execute("select * from sightings").fetchall()
    return {row["path"]: row for row in rows}


def sidecar_stamp(sidecar: InboxFile | None) -> str:
    """What tells one state of a sidecar from another; '' where there is none."""
    return "" if sidecar is None else "/".join(map(str, sidecar.stamp))


def is_unchanged(row: sqlite3.Row, file: InboxFile, sidecar: InboxFile | None) -> bool:
    """True if a sighting still holds: same file, same sidecar, read by the same code."""
    return (
        (row["size"], row["mtime_ns"], row["inode"]) == file.stamp
        and row["sidecar"] == sidecar_stamp(sidecar)
        and row["reader"] in (readers.reader_version(), reader_and_registry())
    )


@cache
def reader_and_registry() -> str:
    """Today's code and seeds: what a file was refused for by the registry may be mended there."""
    digest = hashlib.sha256(readers.reader_version().encode())
    for path in sorted((PROJECT_ROOT / "seeds").glob("*.csv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _reader(refused: list[RefusedError]) -> str:
    is_by_registry = any(isinstance(told, RegistryRefused) for told in refused)
    return reader_and_registry() if is_by_registry else readers.reader_version()


def refusals(row: sqlite3.Row) -> list[RefusedError]:
    """What was refused of the file then, or left as out of scope, to be said again."""
    return [
        OutOfScopeError(**told) if is_left else RefusedError(**told)
        for is_left, told in json.loads(row["outcome"])
    ]


def keep(home: Home, seen: list[Sighting]) -> None:
    """After this these sightings are on disk, in one write."""
    rows = [
        (
            file.place,
            *file.stamp,
            sidecar_stamp(sidecar),
            _reader(refused),
            state.to_json(
                [[isinstance(told, OutOfScopeError), told.as_dict()] for told in refused]
            ),
        )
        for file, sidecar, refused in seen
    ]
    if rows:
        with state.connect(home.state) as ledger:
            ledger.executemany(
                "insert or replace into sightings values (?, ?, ?, ?, ?, ?, ?)", rows
            )

"""One fingerprint of all that decides a release: bytes, code, seeds, suites, dates, withdrawals.

Nothing heavy is imported here: this is what tells in a fraction of a second that nothing is new.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from dagster_project import state
from dagster_project.calendar import stale_sources
from dagster_project.home import PROJECT_ROOT, Home

CODE = (
    ("dagster_project", (".py",)),
    ("dbt", (".sql", ".yml")),
    ("expectations", (".yml",)),
    ("seeds", (".csv",)),
)
# The engines: the same code on another version is something new.
LOCK = "requirements.lock"


def _code_files() -> Iterator[Path]:
    for folder, endings in CODE:
        root = PROJECT_ROOT / folder
        for path in sorted(root.rglob("*")):
            if path.suffix in endings and "target" not in path.relative_to(root).parts:
                yield path
    yield PROJECT_ROOT / LOCK


@cache
def code_version() -> str:
    """A digest of the code, definitions, seeds, suites and locked dependencies."""
    digest = hashlib.sha256()
    for path in _code_files():
        digest.update(path.relative_to(PROJECT_ROOT).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def fingerprint(home: Home, as_of: date) -> str:
    """The SHA-256, in hex, of everything that decides what would be published now."""
    with state.connect(home.state) as ledger:
        landed = ledger.execute(
            "select sha256, source_id, layout_id, period, vintage, relative_path, run_number,"
            " synthetic from landings order by sha256, period"
        ).fetchall()
        withdrawn = ledger.execute(
            "select kind, target from withdrawals order by kind, target"
        ).fetchall()
    parts = {
        "landed": [
            [row[name] for name in ("sha256", "source_id", "layout_id", "period", "vintage")]
            + [_place(row, landed)]
            for row in landed
        ],
        "synthetic": any(row["synthetic"] for row in landed),
        "withdrawn": [[row["kind"], row["target"]] for row in withdrawn],
        "stale": stale_sources(home, as_of),
        "code": code_version(),
    }
    return hashlib.sha256(state.to_json(parts).encode()).hexdigest()


def _place(row: sqlite3.Row, landed: list[sqlite3.Row]) -> int:
    """Which landing this is at its place in the inbox: a later one replaces an earlier one."""
    return sum(
        other["relative_path"] == row["relative_path"]
        and other["source_id"] == row["source_id"]
        and other["run_number"] < row["run_number"]
        for other in landed
    )

"""One fingerprint of what decides a release: bytes, order, code, seeds, suites, dates, decisions.

Nothing heavy is imported here: this is what tells in a fraction of a second that nothing is new.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from dagster_project import state
from dagster_project.calendar import stale_sources
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.revising.reasons import given
from dagster_project.sources.name_rules import NAME_RULES
from dagster_project.waivers import in_force

CODE = (
    ("dagster_project", (".py", ".sql", ".yml", ".html", ".css", ".js")),
    ("dbt", (".sql", ".yml")),
    ("expectations", (".yml",)),
    ("seeds", (".csv",)),
)
# What is made from the rest says nothing new: dbt's own files, models of definitions, bytecode.
MADE = frozenset({"target", "generated", "__pycache__"})
# Who is told of what is no part of a release.
OF_NO_RELEASE = ("subscribers.csv", "reviews.csv")
# Among which landings the order of runs decides: at one place of the inbox a later one replaces an
# earlier one (decision 3), and of one layout and period the last that was taken in counts where the
# vintage doesn't tell.
ORDERED_WITHIN = (("source_id", "relative_path"), ("layout_id", "period", "vintage"))
# The engines: the same code on another version is something new.
LOCK = "requirements.lock"


def _code_files() -> Iterator[tuple[str, str]]:
    """Each file that decides: its path in the project, and where it stands.

    Texts: paths would cost twice as much each time that nothing is new.
    """
    start = len(f"{PROJECT_ROOT}{os.sep}")
    for folder, endings in CODE:
        for at, folders, names in os.walk(PROJECT_ROOT / folder):
            folders[:] = sorted(set(folders) - MADE)
            place = at[start:].replace(os.sep, "/")
            for name in sorted(names):
                if name.endswith(endings) and name not in OF_NO_RELEASE:
                    yield f"{place}/{name}", f"{at}{os.sep}{name}"
    yield LOCK, str(PROJECT_ROOT / LOCK)


def _digest(files: Iterable[tuple[str, str]]) -> str:
    digest = hashlib.sha256()
    for name, path in files:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 (texts, as above)
            digest.update(name.encode() + b"\0" + file.readall() + b"\0")
    return digest.hexdigest()


@cache
def code_version() -> str:
    """A digest of the code, definitions, seeds, suites and locked dependencies."""
    return _digest(_code_files())


def is_code_unchanged() -> bool:
    """Whether the code on disk is still what `code_version` was told of in this process."""
    return _digest(_code_files()) == code_version()


def code_version_but(beginnings: tuple[str, ...]) -> str:
    """As `code_version`, without the files whose paths in the project begin so."""
    return _digest(each for each in _code_files() if not each[0].startswith(beginnings))


def fingerprint(home: Home, as_of: date) -> str:
    """The SHA-256, in hex, of everything that decides what would be published now."""
    with state.connect(home.state) as ledger:
        landed = ledger.execute(
            "select sha256, source_id, layout_id, period, vintage, relative_path, run_number,"
            " synthetic from landings order by sha256, period"
        ).fetchall()
        # What was taken back otherwise isn't in the ledger any more.
        withdrawn = ledger.execute(
            "select kind, target from withdrawals where kind = 'key' order by target"
        ).fetchall()
    parts = {
        "landed": [
            [row[name] for name in ("sha256", "source_id", "layout_id", "period", "vintage")]
            + [_name(row), *(_earlier(row, landed, same) for same in ORDERED_WITHIN)]
            for row in landed
        ],
        "synthetic": any(row["synthetic"] for row in landed),
        "withdrawn": [[row["kind"], row["target"]] for row in withdrawn],
        "waivers": [waiver.as_record() for waiver in in_force(home.state, as_of)],
        "reasons": [reason.decides() for reason in given(home.state)],
        "stale": stale_sources(home, as_of),
        "code": code_version(),
    }
    return hashlib.sha256(state.to_json(parts).encode()).hexdigest()


def _earlier(row: sqlite3.Row, landed: list[sqlite3.Row], same: tuple[str, ...]) -> int:
    """How many landings that agree with this one in those columns are of an earlier run."""
    return sum(
        other["run_number"] < row["run_number"] and all(other[name] == row[name] for name in same)
        for other in landed
    )


def _name(row: sqlite3.Row) -> str | None:
    """The file's name, where it says what the file holds."""
    if row["layout_id"] not in NAME_RULES:
        return None
    return str(row["relative_path"]).replace("!", "/").rsplit("/", 1)[-1]

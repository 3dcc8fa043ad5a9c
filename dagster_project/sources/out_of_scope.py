"""Content that is known and left unread on purpose, as `seeds/out_of_scope.csv` declares it.

A file is told by what it holds: every name that a row lists must stand in its header, its first
line, its keys or among its sheets. A name that ends in * is the beginning of one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from dagster_project.home import PROJECT_ROOT

DECLARATIONS = PROJECT_ROOT / "seeds" / "out_of_scope.csv"


@dataclass(frozen=True)
class Declaration:
    """One kind of content: what it is, how it is told, and why it is left."""

    content_id: str
    title: str
    container: str
    names: tuple[str, ...]
    file_name: str
    reason: str

    def fits(self, file_name: str, container: str, names: Iterable[str]) -> bool:
        """True for a file in that container that shows all of the names."""
        if container != self.container or not fnmatchcase(file_name, self.file_name or "*"):
            return False
        shown = set(names)
        return all(
            any(name.startswith(wanted[:-1]) for name in shown)
            if wanted.endswith("*")
            else wanted in shown
            for wanted in self.names
        )


def declarations(path: Path = DECLARATIONS) -> tuple[Declaration, ...]:
    """Every declaration of the seed, in its order."""
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(
            Declaration(
                row["content_id"],
                row["title"],
                row["container"],
                tuple(row["names"].split("|")),
                row["file_name"],
                row["reason"],
            )
            for row in csv.DictReader(stream)
        )


@cache
def _declared() -> tuple[Declaration, ...]:
    return declarations()


def declared_as(file_name: str, container: str, names: Iterable[str]) -> Declaration | None:
    """The declaration that a file falls under, or None: then it is read or refused."""
    shown = tuple(names)
    return next((each for each in _declared() if each.fits(file_name, container, shown)), None)

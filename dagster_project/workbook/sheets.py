"""What a sheet is: a table with its columns and rows, or lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

LONGEST_NAME = 31
NOT_IN_NAMES = str.maketrans("/\\", "--", "[]:*?'")

# Kinds of cells. A cell of the last kind is a `Figure`.
TEXT, WRAPPED, DATE, COUNT, PLAIN, FIGURE = "text", "wrapped", "date", "count", "plain", "figure"
# A word that has a colour: the cell is (code, word).
STATE = "state"


@dataclass(frozen=True)
class Column:
    """A column of a table: its header, its width in letters, and what its cells hold."""

    header: str
    width: int
    kind: str = TEXT


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, the words that are shown after it, and how it looks (a name of `styles.FIXED`).

    Without a number the words stand alone.
    """

    number: float | None
    words: str = ""
    look: str = ""
    decimals: int = 0


@dataclass(frozen=True)
class TableSheet:
    """One table on a sheet of its own. Rows have as many cells as there are columns.

    `frozen` is how many columns stay in sight. `empty` is said where there are no rows.
    """

    name: str
    title: str
    says: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    frozen: int = 1
    empty: str = "This release has no such rows."


@dataclass(frozen=True)
class TextSheet:
    """Lines of text in columns; the first cell of a line with no others is a heading."""

    name: str
    title: str
    says: str
    widths: Sequence[int]
    lines: Sequence[Sequence[Any]] = field(default_factory=tuple)


Sheet = TableSheet | TextSheet


class Names:
    """Names of sheets that Excel takes: at most 31 letters, each once, whatever their case."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, wanted: str) -> str:
        """The name that is nearest to the one wanted."""
        plain = " ".join(wanted.translate(NOT_IN_NAMES).split()) or "Sheet"
        name, number = plain[:LONGEST_NAME].rstrip(), 1
        while name.casefold() in self._taken:
            number += 1
            ending = f" {number}"
            name = plain[: LONGEST_NAME - len(ending)].rstrip() + ending
        self._taken.add(name.casefold())
        return name

"""What a table of `seeds/` may be said to be like: columns, kinds of cell, allowed values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

Row = Mapping[str, str]
Tables = Mapping[str, tuple[Row, ...]]
FIRST_ROW = 2  # the header is row 1, as a spreadsheet counts
EDITION_COLUMNS = ("framework", "edition")


@dataclass(frozen=True)
class Finding:
    """One mistake: where it is, what was got and expected, and how to mend it."""

    file: str
    row: int
    column: str
    problem: str
    got: str
    expected: str
    fix: str


def numbered(tables: Tables, file: str) -> Iterator[tuple[int, Row]]:
    """The rows of a file with their numbers, as a spreadsheet counts."""
    return enumerate(tables.get(file, ()), start=FIRST_ROW)


@dataclass(frozen=True)
class Column:
    """One column: `kind` is a key of `KINDS` and applies where the cell is filled."""

    name: str
    required: bool
    kind: str


@dataclass(frozen=True)
class Table:
    """`columns` is `name`, `name*` where a cell must be filled, `:kind` where its form is fixed.

    `refers_to` maps a column to the file and column that must hold its value; the values of a
    `several` column are parted by `|`. `span` names two dates of which the first isn't later.
    """

    file: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    allowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refers_to: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    several: tuple[str, ...] = ()
    span: tuple[str, str] | None = None

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]


def is_date(text: str) -> bool:
    """True where `text` is a day that exists, written YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _form(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


KINDS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "text": (lambda text: True, "any text"),
    # Of one letter are the marks that pages share: a row's own anchor would be one of them.
    "id": (_form(r"[a-z][a-z0-9_]{1,59}"), "snake_case, 2 to 60 characters"),
    "role": (_form(r"[a-z][a-z-]{0,59}"), "small letters and hyphens"),
    "date": (is_date, "a day that there is, as YYYY-MM-DD"),
    "share": (_form(r"0\.\d+|1"), "a share from 0 to 1"),
    "whole": (_form(r"\d+"), "a whole number"),
    "number": (_form(r"-?\d+(\.\d+)?"), "a number, with a point and no comma"),
    "flag": (_form(r"true|false"), "true or false"),
    "area": (_form(r"E\d{8}"), "a nine-character code of England, such as E06000023"),
    "ods": (_form(r"[A-Z0-9]{3,5}"), "three to five capitals and digits"),
    "mailbox": (_form(r"[a-z-]+@example\.org"), "a role's mailbox at example.org"),
    "web": (_form(r"https://\S+"), "an address that starts with https://"),
}


def columns(text: str) -> tuple[Column, ...]:
    parts = [re.fullmatch(r"(\w+)(\*?)(?::(\w+))?", word) for word in text.split()]
    return tuple(Column(p[1], bool(p[2]), p[3] or "text") for p in parts if p)


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CERTAINTY = words("verified partly recalled inferred")
SEXES = words("Persons Male Female Male|Female")

"""How names, texts and files are put into SQL. Statements here can't take them as parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

# A word of the list that such a type is named with: ENUM('one', 'the other''s').
WORD = re.compile(r"'((?:[^']|'')*)'")


def quoted(name: str) -> str:
    """A column or table name as SQL reads it, whatever characters it holds."""
    return '"' + name.replace('"', '""') + '"'


def names(columns: Iterable[str]) -> str:
    """Column names with commas between them."""
    return ", ".join(quoted(column) for column in columns)


def text(value: str | Path) -> str:
    """A text literal."""
    return "'" + str(value).replace("'", "''") + "'"


def words_of(kind: str) -> list[str] | None:
    """The list of words that text of this type is kept beside as numbers; None of other types."""
    if not kind.startswith("ENUM("):
        return None
    return [word.replace("''", "'") for word in WORD.findall(kind)]


def parquet(path: Path) -> str:
    """One Parquet file as a relation that holds the file's own columns and no others.

    DuckDB reads `*`, `?` and `[` in a path as a pattern, and turns a folder named `key=value`
    into a column; a home may have both in its name.
    """
    exact = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
    return f"read_parquet({text(exact)}, hive_partitioning = false)"

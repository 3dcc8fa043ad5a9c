"""What a published table is: its columns, its key, and what goes when a value is taken back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dagster_project.errors import RegistryError

# The datatypes of a column, each with the type it is stored as.
STORED_AS = {
    "string": "varchar",
    "integer": "bigint",
    "number": "double",
    "boolean": "boolean",
    "date": "date",
    "dateTime": "timestamp",
    "list": "varchar[]",
}

TABLE_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Column:
    """One column. `datatype` is a CSVW datatype, or `list` for a list of texts."""

    name: str
    datatype: str
    description: str


@dataclass(frozen=True)
class Redaction:
    """Which columns are emptied in the rows that rest on what was taken back.

    Columns of the withdrawn key are matched with the columns of the same name that the table has.
    `match` pairs those that are called otherwise here; a rule that has it isn't for a key that has
    none of them. A table that is coarser than the key names in `via` another table of the release
    that holds both `via_columns` and columns of the key: a row is then matched only if its
    `via_columns` are among those that the other table gives for the key. `unmatched` are columns
    that aren't compared though the key has them too: whatever they say, the row rests on the key.
    `marks` are columns that get a fixed text instead. `notes` get theirs only in a row that still
    shows something: what says otherwise of a row that never did is left.
    `is_remade`: worked out of many values, and anew without the one that was taken back, so what a
    later release says may stand.
    """

    figures: tuple[str, ...]
    match: tuple[tuple[str, str], ...] = ()
    via: str = ""
    via_columns: tuple[str, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    is_remade: bool = False
    unmatched: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublishedTable:
    """One table of a release. `query` gives exactly `columns`; `key` is unique and never null."""

    name: str
    query: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    description: str
    redactions: tuple[Redaction, ...] = ()

    def __post_init__(self) -> None:
        problem = _contradiction(self)
        if problem:
            raise RegistryError(
                problem,
                place=f"published table {self.name}",
                fix="correct the table's definition",
            )

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def as_record(self) -> dict[str, Any]:
        """The table as a manifest keeps it: everything but the query."""
        record = asdict(self)
        del record["query"]
        return record


def _contradiction(table: PublishedTable) -> str:
    """What is wrong with a definition, or an empty text."""
    columns = table.column_names
    emptied = [
        name
        for rule in table.redactions
        for name in (*rule.figures, *(column for column, _ in (*rule.marks, *rule.notes)))
    ]
    matched = [column for rule in table.redactions for _, column in rule.match]
    through = [column for rule in table.redactions for column in rule.via_columns]
    ignored = [column for rule in table.redactions for column in rule.unmatched]
    named = (*table.key, *emptied, *matched, *through, *ignored)
    unknown = [name for name in named if name not in columns]
    datatypes = [column.datatype for column in table.columns if column.datatype not in STORED_AS]
    problems = {
        "its name isn't lower-case words joined by _": not TABLE_NAME.fullmatch(table.name),
        "it has no key": not table.key,
        "a column is named twice": len(set(columns)) < len(columns),
        f"it has no column {', '.join(unknown)}": bool(unknown),
        f"there is no datatype {', '.join(datatypes)}": bool(datatypes),
        "a column of the key can't be emptied": bool(set(emptied) & set(table.key)),
        "`via` and `via_columns` go together": any(
            bool(rule.via) != bool(rule.via_columns) for rule in table.redactions
        ),
        # A rule with `match` isn't for every key, and one with `unmatched` may be.
        "`match` and `unmatched` don't go together": any(
            rule.match and rule.unmatched for rule in table.redactions
        ),
    }
    return next((problem for problem, found in problems.items() if found), "")


def from_record(record: Mapping[str, Any]) -> PublishedTable:
    """The table that a manifest describes, with no query."""
    return PublishedTable(
        name=record["name"],
        query="",
        key=tuple(record["key"]),
        columns=tuple(Column(**column) for column in record["columns"]),
        description=record["description"],
        redactions=tuple(_redaction(rule) for rule in record["redactions"]),
    )


def _redaction(record: Mapping[str, Any]) -> Redaction:
    return Redaction(
        figures=tuple(record["figures"]),
        match=tuple((key, column) for key, column in record["match"]),
        via=record["via"],
        via_columns=tuple(record["via_columns"]),
        marks=tuple((column, mark) for column, mark in record["marks"]),
        # A release that was written before these were there has none.
        notes=tuple((column, note) for column, note in record.get("notes", ())),
        is_remade=record.get("is_remade", False),
        unmatched=tuple(record.get("unmatched", ())),
    )

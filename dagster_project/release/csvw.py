"""CSVW: the W3C's description of a CSV file, as JSON beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dagster_project.release.tables import Column, PublishedTable

LIST_SEPARATOR = ";"
SYNTHETIC_NOTE = "Made-up sample data"
GUARD_NOTE = (
    "A text cell that began with = + - @, a tab or a carriage return is written with an "
    "apostrophe before it, so that a spreadsheet doesn't run it as a formula."
)


def metadata(table: PublishedTable, synthetic: bool, attribution: Sequence[str]) -> Any:
    """The description of `<table>.csv`, ready to be written as JSON."""
    notes = [SYNTHETIC_NOTE, GUARD_NOTE] if synthetic else [GUARD_NOTE]
    described: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{table.name}.csv",
        "dc:title": table.name.replace("_", " ").capitalize(),
        "dc:description": table.description,
        "dialect": {"encoding": "utf-8", "header": True, "lineTerminators": ["\n"]},
        "notes": [{"type": "Annotation", "motivation": "describing", "body": n} for n in notes],
        "tableSchema": {
            "columns": [_column(column, table.key) for column in table.columns],
            "primaryKey": list(table.key),
        },
    }
    if attribution:
        described["dc:rights"] = list(attribution)
    return described


def _column(column: Column, key: Sequence[str]) -> dict[str, Any]:
    listed = column.datatype == "list"
    described: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "datatype": "string" if listed else column.datatype,
        "dc:description": column.description,
        "required": column.name in key,
    }
    if listed:
        described["separator"] = LIST_SEPARATOR
    return described

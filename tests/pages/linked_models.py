"""The generated page of the models of linked records: what a row of each is, and its columns."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile

import duckdb

from tests.support import linked_models

Table = Callable[[tuple[str, ...], list[tuple[str, ...]]], str]


def page(table: Table) -> str:
    """Each model by its own first comment, and the columns that DuckDB finds in it."""
    told = (
        "# Models of linked records\n\nMade from `dbt/models/intermediate/linked`: what the SQL of"
        " a measure reads through `ref`, in the\nplace of the staging models. How they follow from"
        " each other is told in [linked records](../explanation/linked-records.md);\nhow a measure"
        " is made of them, in [add an indicator](../how-to/add-an-indicator.md).\n"
    )
    names = list(linked_models.linked())
    with duckdb.connect(config={"threads": "1"}) as connection:
        linked_models.place(connection)
        linked_models.build(connection, names)
        for name in names:
            columns = connection.execute(f"describe {name}").fetchall()
            told += f"\n## {name}\n\n{_said(name)}\n\n"
            told += table(
                ("column", "type"), [(f"`{column}`", kind.lower()) for column, kind, *_ in columns]
            )
    return told


def _said(name: str) -> str:
    lines = linked_models.source(name).splitlines()
    return "\n".join(line.removeprefix("--").strip() for line in takewhile(_is_comment, lines))


def _is_comment(line: str) -> bool:
    return line.startswith("--")

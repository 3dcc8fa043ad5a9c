"""Statements with names put in safely. Values never travel this way: they are parameters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dagster_project.errors import OutcomesError
from dagster_project.release.sql import words_of

if TYPE_CHECKING:
    import duckdb


def quote(name: str) -> str:
    """The name as one quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def relation(name: str) -> str:
    """`schema.table` with each part quoted."""
    return ".".join(quote(part) for part in name.split("."))


def columns(names: Iterable[str]) -> str:
    """A column list, each name quoted."""
    return ", ".join(quote(name) for name in names)


def as_text(name: str, kind: str) -> str:
    """The column; text kept as a number beside its words is text, to pandas too."""
    spelled = f"cast({quote(name)} as varchar) as {quote(name)}"
    return quote(name) if words_of(kind) is None else spelled


def fill(statement: str, **parts: str) -> str:
    """The statement with `{part}` replaced; what goes in must already be quoted or be SQL."""
    return statement.format_map(parts)


def column_types(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, str]:
    """The columns of a table or view, in their order, with DuckDB's name of each type."""
    import duckdb

    try:
        found = con.execute(fill("describe {name}", name=relation(name))).fetchall()
    except duckdb.CatalogException as error:
        raise OutcomesError(
            "the table isn't there",
            place=name,
            got=str(error).splitlines()[0],
            expected="a table or view of that name",
            fix="build the models first",
        ) from error
    return {str(row[0]): str(row[1]) for row in found}


def one_number(con: duckdb.DuckDBPyConnection, statement: str) -> int:
    """The single whole number that the statement returns."""
    return int(con.execute(statement).fetchall()[0][0])

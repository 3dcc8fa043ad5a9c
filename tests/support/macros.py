"""dbt macros rendered without dbt, so that a method can be put to DuckDB by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import duckdb
import jinja2

from dagster_project.home import PROJECT_ROOT

MACROS = PROJECT_ROOT / "dbt" / "macros"


class _Exceptions:
    """What dbt calls `exceptions` in a macro."""

    @staticmethod
    def raise_compiler_error(message: str) -> None:
        raise ValueError(message)


def environment() -> jinja2.Environment:
    """A new environment in which macros render as in dbt."""
    # SQL, not a page: nothing is to be escaped.
    made = jinja2.Environment(  # noqa: S701
        loader=jinja2.FileSystemLoader(MACROS), extensions=["jinja2.ext.do"]
    )
    made.globals["exceptions"] = _Exceptions
    return made


@cache
def _environment() -> jinja2.Environment:
    return environment()


@cache
def _all_macros() -> dict[str, Any]:
    # dbt gives every macro every other's name, whatever their files.
    files = sorted(MACROS.glob("*.sql"))
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    return vars(_environment().from_string(text).module)


def sql(file: str, call: str) -> str:
    """The SQL that `call` of a macro in `file` renders to."""
    template = _environment().from_string(f"{{% import '{file}' as m %}}{{{{ m.{call} }}}}")
    return template.render()


@cache
def render(call: str) -> str:
    """The SQL that `call` renders to, where macros of any file may call each other."""
    return _environment().from_string(f"{{{{ {call} }}}}", _all_macros()).render().strip()


def model(text: str, **given: object) -> str:
    """The SQL of a select that calls macros as a model does; `given` are names it may use."""
    return _environment().from_string(text, _all_macros()).render(given)


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    # Opening one costs more than most of what is asked of it.
    return duckdb.connect(config={"threads": "2"})


def value(expression: str) -> Any:
    """What DuckDB makes of an expression."""
    return _connection().execute(f"select {expression}").fetchall()[0][0]


def load(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, Sequence[Any]]
) -> None:
    """After this `name` is a table of the columns: text where they hold text, else double."""
    kinds = {
        column: "varchar" if any(isinstance(cell, str) for cell in cells) else "double"
        for column, cells in columns.items()
    }
    cells = ", ".join(f'unnest(?::{kind}[]) as "{column}"' for column, kind in kinds.items())
    connection.execute(
        f"create or replace table {name} as select {cells}", [list(c) for c in columns.values()]
    )


def rows(call: str, **tables: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """The rows that the select of a macro gives for the tables named in it."""
    connection = _connection()
    for name, columns in tables.items():
        load(connection, name, columns)
    found = connection.execute(render(call))
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    for name in tables:
        connection.execute(f"drop table {name}")
    return rows

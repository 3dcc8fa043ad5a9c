"""dbt macros rendered without dbt, so that a method can be put to DuckDB by itself."""

from __future__ import annotations

from functools import cache
from typing import Any

import duckdb
import jinja2

from dagster_project.home import PROJECT_ROOT

MACROS = PROJECT_ROOT / "dbt" / "macros"


@cache
def _environment() -> jinja2.Environment:
    # SQL, not a page: nothing is to be escaped.
    return jinja2.Environment(  # noqa: S701
        loader=jinja2.FileSystemLoader(MACROS), extensions=["jinja2.ext.do"]
    )


def sql(file: str, call: str) -> str:
    """The SQL that `call` of a macro in `file` renders to."""
    template = _environment().from_string(f"{{% import '{file}' as m %}}{{{{ m.{call} }}}}")
    return template.render()


def value(expression: str) -> Any:
    """What DuckDB makes of an expression."""
    with duckdb.connect() as connection:
        return connection.execute(f"select {expression}").fetchall()[0][0]

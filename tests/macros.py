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


def value(expression: str) -> Any:
    """What DuckDB makes of an expression."""
    with duckdb.connect() as connection:
        return connection.execute(f"select {expression}").fetchall()[0][0]

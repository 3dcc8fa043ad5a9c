"""A model's SQL put to DuckDB without dbt, on relations that a test makes up."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import duckdb
import jinja2

from dagster_project.home import PROJECT_ROOT
from tests.macros import MACROS, environment

MODELS = PROJECT_ROOT / "dbt" / "models"
# A macro that only gives something back. Jinja by itself makes a text of whatever a macro gives.
GIVES = re.compile(r"{% macro (\w+)\(\) %}{{ return\((.*?)\) }}{% endmacro %}", re.DOTALL)
VALUE: dict[str, Any] = {
    "indicator_id": "smoking",
    "definition_version": "1",
    "area_type": "utla",
    "area_code": "E06000023",
    "period_type": "financial_year",
    "period_start": "2020-04-01",
    "period_end": "2021-03-31",
    "period_label": "2020/21",
    "sex": "Persons",
    "age": "18+ yrs",
    "segment": "all",
    "breakdown_type": "all",
    "breakdown": "all",
    "population_basis": "resident",
    "value": 20.0,
    "lower_95": 18.0,
    "upper_95": 22.0,
    "lower_998": 17.0,
    "upper_998": 23.0,
    "numerator": 200.0,
    "denominator": 1000.0,
    "unit": "%",
    "method": "as_published",
    "status": "published",
    "status_reason": None,
    "held_since": None,
    "flags": [],
    "origin": "published",
    "source_id": "fingertips",
}
HIDDEN = dict.fromkeys(
    ("value", "lower_95", "upper_95", "lower_998", "upper_998", "numerator", "denominator")
)
INDICATOR: dict[str, Any] = {
    "indicator_id": "smoking",
    "value_type": "proportion",
    "multiplier": 100.0,
    "polarity": "lower_is_better",
    "is_polarity_confirmed": True,
}
AREA: dict[str, Any] = {"area_code": "E06000023", "region_code": "E12000009"}
Row = Mapping[str, Any]


def value(**said: Any) -> dict[str, Any]:
    """A row of indicator_values, sound but for what is said; hidden where it isn't published."""
    hidden = HIDDEN if said.get("status", "published") != "published" else {}
    return VALUE | hidden | said


def indicator(**said: Any) -> dict[str, Any]:
    """A row of int_indicators, as far as the marts read it."""
    return INDICATOR | said


@cache
def _template(path: str) -> jinja2.Template:
    text = "".join(file.read_text(encoding="utf-8") for file in sorted(MACROS.glob("*.sql")))
    made = environment()
    given = {name: ast.literal_eval(literal) for name, literal in GIVES.findall(text)}
    made.globals |= {name: (lambda thing=thing: thing) for name, thing in given.items()}
    made.globals |= {"ref": lambda name: name, "config": lambda **_: ""}
    made.globals |= {"source": lambda _, name: name}
    macros = vars(made.from_string(GIVES.sub("", text)).module)
    return made.from_string((MODELS / path).read_text(encoding="utf-8"), macros)


def render(path: str) -> str:
    """The model's SQL, in which a `ref` or `source` is its own name."""
    return _template(path).render()


def rows(path: str, **tables: Sequence[Row]) -> list[dict[str, Any]]:
    """What the model makes of `tables`, each of which a `ref` of its name reads.

    A table without rows must be given as a relation of its seed's or model's columns: `seed`.
    """
    with duckdb.connect(config={"threads": "2"}) as connection:
        for name, given in tables.items():
            _load(connection, name, given)
        found = connection.execute(_template(path).render())
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _load(connection: duckdb.DuckDBPyConnection, name: str, given: Sequence[Row]) -> None:
    if not given:
        load_seed(connection, name)
        connection.execute(f"delete from {name}")
        return
    kinds = {column: _kind(column, [row[column] for row in given]) for column in given[0]}
    columns = ", ".join(f'"{column}" {kind}' for column, kind in kinds.items())
    connection.execute(f"create table {name} ({columns})")
    marks = ", ".join("?" for _ in kinds)
    connection.executemany(
        f"insert into {name} values ({marks})", [[row[column] for column in kinds] for row in given]
    )


def load_seed(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """After this `name` is a table of the seed as dbt loads it."""
    seed = PROJECT_ROOT / "seeds" / f"{name}.csv"
    connection.execute(f"create table {name} as from read_csv('{seed}', all_varchar=true)")


def _kind(column: str, cells: list[Any]) -> str:
    if column in ("period_start", "period_end"):
        return "date"
    if column == "flags":
        return "varchar[]"
    if column in HIDDEN or column == "multiplier":
        return "double"
    return "boolean" if all(isinstance(cell, bool) for cell in cells) else "varchar"


def seed(name: str) -> list[dict[str, Any]]:
    """The rows of a seed as dbt loads them: texts, empty cells NULL."""
    with duckdb.connect() as connection:
        load_seed(connection, name)
        found = connection.execute(f"from {name}")
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
